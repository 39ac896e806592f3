/**
 * The launcher's composition root: prints on stdout what the start script is to run, which is "chromium" or the path of
 * Electron's binary; all that is for people goes to stderr. Exits with 1 where no window can be opened.
 */
import { join } from 'node:path';
import { chromiumProgram } from '../chromium-program.ts';
import { hasScreen } from '../screen.ts';
import { chooseHost } from './choose-host.ts';
import { obtainElectron } from './electron-binary.ts';

const patienceMs = 60_000;
const modules = join(import.meta.dirname, '../../../node_modules');
const { env } = process;
const ownFolder = env['ELECTRON_OVERRIDE_DIST_PATH'] ?? '';
const say = (line: string): boolean => process.stderr.write(`sitepair: ${line}\n`);

const choice = await chooseHost({
  isRoot: process.getuid?.() === 0,
  hasScreen: hasScreen(env),
  chromium: chromiumProgram(env),
  electron: () =>
    obtainElectron(
      {
        packageFolder: join(modules, 'electron'),
        ownFolder: ownFolder === '' ? null : ownFolder,
        failures: join(modules, '.cache/sitepair'),
      },
      patienceMs,
      say,
    ),
});
switch (choice.host) {
  case 'electron':
    process.stdout.write(`${choice.program}\n`);
    break;
  case 'chromium':
    say(choice.notice);
    process.stdout.write('chromium\n');
    break;
  case 'none':
    process.stderr.write(`✖ ${choice.message}\n  To do: ${choice.remedy}\n`);
    process.exitCode = 1;
}
