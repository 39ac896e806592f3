/** Where the command line begins: at a terminal the command is a process of its own, elsewhere it is this one. */
import { isAtTerminal, watchCommand } from './watching.ts';

if (isAtTerminal()) await watchCommand([...process.execArgv, ...process.argv.slice(1)]);
await import('./command.ts');
