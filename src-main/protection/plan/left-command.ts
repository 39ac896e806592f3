/** The command of a step whose process was killed: it may still run, and must not run twice at once. */
import { isAlive } from '../../processes.ts';
import type { Machine } from '../../store/record.ts';
import { signalGroup } from '../bounded-command.ts';
import type { Reporter } from '../run-context.ts';
import type { Sequence } from './sequence.ts';

/** Ends it where it still runs on this machine, and says so. */
export function endLeftCommand(
  { id, machine, owner }: NonNullable<Sequence['running']>,
  here: Machine,
  reporter: Pick<Reporter, 'warn'>,
): void {
  if (owner === null || machine !== here.id || !isAlive(owner)) return;
  signalGroup(owner.pid, 'SIGKILL');
  reporter.warn(`The command of the step ${id} still ran from before, and was ended.`);
}
