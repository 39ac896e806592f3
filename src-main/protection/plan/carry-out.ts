/** Carrying out one step of a plan: to its end, as often as it may be tried, and never longer than it may take. */
import fs from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { PlanStep, Servers } from '../../contract/plan.ts';
import { describeSeconds } from '../../contract/wording.ts';
import { cancelledError, type Steering } from '../../engine/control.ts';
import { howItEnded, runCommand, type CommandEnd } from '../bounded-command.ts';
import type { StepOutput } from './step-output.ts';
import type { ServersStep } from './steps-around.ts';

export type Begun = 'try' | 'question';

/** What a step is carried out with. */
export interface StepGround {
  environment: NodeJS.ProcessEnv;
  steering: Steering;
  output: StepOutput;
  /** Called whenever there is more output. */
  told: () => void;
  /** Called when a command begins: whether it begins the step (anew) or only asks, and its process group. */
  begun: (what: Begun, processGroup: number) => void;
}

/** How long servers are waited for between two questions, milliseconds. */
const askAgainMs = 1000;
/** How long a command may take that only asks, milliseconds. */
const questionMs = 60_000;

/** Why it failed, as a sentence; null where it did not. Throws `cancelled`. */
export async function carryOut(
  step: Exclude<PlanStep, { kind: 'manual' }> | ServersStep,
  ground: StepGround,
): Promise<string | null> {
  if (step.kind === 'servers') return step.does === 'stop' ? stopServers(step, ground) : startServers(step, ground);
  const { directory } = step;
  if (directory !== null && fs.statSync(directory, { throwIfNoEntry: false })?.isDirectory() !== true) {
    return `Its directory ${directory} is not there.`;
  }
  return step.kind === 'wait' ? waitFor(step, ground) : tryCommand(step, ground);
}

async function tryCommand(step: Extract<PlanStep, { kind: 'command' }>, ground: StepGround): Promise<string | null> {
  for (let attempt = 1; ; attempt += 1) {
    if (attempt > 1) say(ground, `— attempt ${attempt} of ${step.retries + 1} —\n`);
    const end = await run(step.command, step.directory, step.timeoutSeconds * 1000, 'try', ground);
    const why = failureOf(end, step.timeoutSeconds);
    if (why === null || attempt > step.retries) return why;
  }
}

async function waitFor(step: Extract<PlanStep, { kind: 'wait' }>, ground: StepGround): Promise<string | null> {
  const until = performance.now() + step.timeoutSeconds * 1000;
  for (let attempt = 1; ; attempt += 1) {
    const left = Math.max(0, until - performance.now());
    const end = await run(step.command, step.directory, left, attempt === 1 ? 'try' : 'question', ground);
    if (end.cut === null && end.exitCode === 0) return null;
    if (performance.now() + step.everySeconds * 1000 >= until) {
      const last = end.cut === null ? `The command ${howItEnded(end)}` : 'The command had not ended';
      return `What it waits for did not come within ${describeSeconds(step.timeoutSeconds)}. ${last} at the last look.`;
    }
    await pause(step.everySeconds * 1000, ground.steering);
  }
}

/** Whether the servers are stopped: 0 yes, 1 no, anything else is no answer (null). */
async function areStopped(servers: Servers, ground: StepGround): Promise<boolean | null> {
  if (servers.stopped === null) return null;
  const end = await run(servers.stopped, null, questionMs, 'question', ground);
  return end.cut !== null || end.exitCode > 1 ? null : end.exitCode === 0;
}

async function stopServers({ servers }: ServersStep, ground: StepGround): Promise<string | null> {
  if ((await areStopped(servers, ground)) === true) {
    say(ground, 'They do not run.\n');
    return null;
  }
  return changeServers(servers, servers.stop, true, ground);
}

async function startServers({ servers }: ServersStep, ground: StepGround): Promise<string | null> {
  if ((await areStopped(servers, ground)) === false) {
    say(ground, 'They run already.\n');
    return null;
  }
  return changeServers(servers, servers.start, false, ground);
}

/** Runs the command, then asks until they are as wanted, where there is a command that tells. */
async function changeServers(
  servers: Servers,
  command: string | null,
  stopped: boolean,
  ground: StepGround,
): Promise<string | null> {
  const until = performance.now() + servers.timeoutSeconds * 1000;
  const end = await run(command ?? 'true', null, servers.timeoutSeconds * 1000, 'try', ground);
  const why = failureOf(end, servers.timeoutSeconds);
  if (why !== null || servers.stopped === null) return why;
  for (;;) {
    const answer = await areStopped(servers, ground);
    if (answer === stopped) return null;
    if (performance.now() + askAgainMs >= until) {
      const says = answer === null ? 'gives no answer' : `says that they ${answer ? 'are stopped' : 'run'}`;
      return `After ${describeSeconds(servers.timeoutSeconds)} the command that tells of the servers ${says}.`;
    }
    await pause(askAgainMs, ground.steering);
  }
}

async function run(
  command: string,
  directory: string | null,
  limitMs: number,
  what: Begun,
  ground: StepGround,
): Promise<CommandEnd> {
  const { environment, steering, output, told, begun } = ground;
  const end = await runCommand(
    {
      command,
      environment,
      ...(directory === null ? {} : { directory }),
      hear: (data) => {
        output.hear(data);
        told();
      },
      begun: (processGroup) => {
        begun(what, processGroup);
      },
    },
    { steering, onCancel: 'end', limitMs },
  );
  if (end.cut === 'cancelled') throw cancelledError();
  return end;
}

function failureOf(end: CommandEnd, timeoutSeconds: number): string | null {
  if (end.cut !== null) return `It had not ended after ${describeSeconds(timeoutSeconds)}, and was ended.`;
  if (end.exitCode === 0) return null;
  const said = end.complaint === '' ? '' : ` It said: ${end.complaint.replace(/[^.!?]$/, '$&.')}`;
  return `It ${howItEnded(end)}.${said}`;
}

function say({ output, told }: StepGround, text: string): void {
  output.add(text);
  told();
}

/** Waits, though no longer than until the run is cancelled. Throws `cancelled`. */
export async function pause(milliseconds: number, steering: Steering): Promise<void> {
  const until = performance.now() + milliseconds;
  for (;;) {
    if (steering.state === 'cancel') throw cancelledError();
    const left = until - performance.now();
    if (left <= 0) return;
    await delay(Math.min(left, 100));
  }
}
