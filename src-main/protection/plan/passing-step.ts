/**
 * The steps at hand of runs that keep nothing else of their steps: cycles and test failovers. Each is noted in the
 * stores while its command runs, so that where the process of its run is killed whoever runs next ends that command
 * before it begins its own.
 */
import { z } from 'zod';
import { rehearsals, type Operation } from '../../contract/phases.ts';
import { isAlive, thisProcess } from '../../processes.ts';
import { cycleStepName, testStepName } from '../../store/file-names.ts';
import type { OpenGroup } from '../group.ts';
import type { RunContext } from '../run-context.ts';
import { endLeftCommand } from './left-command.ts';
import { ownerSchema, runningSchema, type Sequence } from './sequence.ts';
import { newestPage, putPage, type StepBook } from './step-books.ts';

/** `by`: the process that carries the run out. */
const passingSchema = runningSchema.extend({ runId: z.string(), by: ownerSchema });
type Passing = z.infer<typeof passingSchema>;

const pageSchema = z.object({ format: z.literal(1), running: z.array(passingSchema) });

/** Two test failovers may be in their steps at once; more than this many are not noted. */
const longest = 20;

/** Operations in which nothing of this is looked for: they leave everything as it stands. */
const onlyLook: readonly Operation[] = ['verify', 'compare', 'drop-point'];

/** Test failovers hold no lock of the group, so theirs is a book of its own. */
function bookOf(operation: Operation): StepBook<z.infer<typeof pageSchema>> {
  const name = rehearsals.includes(operation) ? testStepName : cycleStepName;
  return { name, bytes: 1 << 14, schema: pageSchema };
}

function passingIn(group: OpenGroup, operation: Operation): Passing[] {
  return newestPage(group, bookOf(operation)).page?.running ?? [];
}

function put(group: OpenGroup, operation: Operation, running: Passing[]): void {
  putPage(group, bookOf(operation), { format: 1, running: running.slice(-longest) });
}

/** Notes the command that a run carries out now, or with null that it carries none out. Throws what the disks throw. */
export function noteStep(group: OpenGroup, operation: Operation, runId: string, running: Sequence['running']): void {
  const noted = passingIn(group, operation);
  if (running === null && noted.every((one) => one.runId !== runId)) return;
  // Those whose process is gone were ended as this run began.
  const goesOn = (one: Passing): boolean => one.machine !== group.machine.id || isAlive(one.by);
  const others = noted.filter((one) => one.runId !== runId && goesOn(one));
  put(group, operation, running === null ? others : [...others, { ...running, runId, by: thisProcess() }]);
}

/** Ends the commands that runs which were killed left running on this machine, and says so. */
export function endPassingSteps(group: OpenGroup, operation: Operation, context: RunContext): void {
  if (onlyLook.includes(operation)) return;
  const { machine } = group;
  // The group's lock says that a cycle is over; of a test failover only its process does.
  const goesOn = (one: Passing): boolean => rehearsals.includes(operation) && isAlive(one.by);
  for (const left of passingIn(group, operation)) {
    if (left.machine === machine.id && !goesOn(left)) endLeftCommand(left, machine, context.reporter);
  }
}
