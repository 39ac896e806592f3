/** The operator's commands cannot hold a run for ever, whatever processes they leave behind. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test, type TestContext } from 'vitest';
import { createControl, Steering } from '../../src-main/engine/control.ts';
import type { CommandBounds, CommandEnd } from '../../src-main/protection/bounded-command.ts';
import { productionStopped, runHook } from '../../src-main/protection/hooks.ts';
import { contextOf } from '../support/run-context.ts';
import { TwoSites } from '../support/two-sites.ts';

type Bounds = Partial<CommandBounds>;

async function group(context: TestContext): Promise<ReturnType<typeof contextOf>['registration']['definition']> {
  const sites = new TwoSites(context);
  await sites.sitepair.must(...sites.creation());
  return contextOf(sites, { operation: 'sync', group: sites.name }).registration.definition;
}

/** Runs a command, and gives how it ended and after how many seconds. */
async function timed(
  context: TestContext,
  command: string,
  bounds: Bounds,
  cancelled = false,
): Promise<CommandEnd & { seconds: number }> {
  const definition = await group(context);
  const steering = new Steering(createControl(1, 1));
  const began = Date.now();
  const ended = runHook(command, definition, 'sync', { steering, onCancel: 'end', limitMs: null, ...bounds });
  if (cancelled) {
    await sleep(300);
    steering.cancel();
  }
  return { ...(await ended), seconds: (Date.now() - began) / 1000 };
}

test('a process that a command leaves behind is not waited for, nor is what it still prints', async (context) => {
  const { seconds, ...result } = await timed(context, 'setsid sleep 5 & echo one=/x; exit 3', {});
  expect(result).toEqual({ exitCode: 3, signal: null, output: 'one=/x\n', complaint: '', cut: null });
  expect(seconds).toBeLessThan(3);
});

test('a stopped check that a signal killed has given no answer', async (context) => {
  const definition = await group(context);
  const steering = new Steering(createControl(1, 1));
  const said = await productionStopped('echo no >&2; kill -9 $$', definition, steering);
  expect(said).toEqual({ stopped: null, said: 'it was killed by signal 9 (SIGKILL)' });
});

test.for(['setsid sleep 20 & sleep 20', 'trap "" TERM; sleep 5; sleep 5; sleep 5; sleep 5'])(
  'a cancel ends: %s',
  async (command, context) => {
    const { cut, seconds } = await timed(context, command, {}, true);
    expect(cut).toBe('cancelled');
    expect(seconds).toBeLessThan(4);
  },
);

test('the limit ends a command; one that is to be left running outlives a cancel', async (context) => {
  expect(await timed(context, 'sleep 20', { limitMs: 300 })).toMatchObject({ cut: 'too long' });
  const left = await timed(context, 'exec sleep 8 >/dev/null 2>&1 </dev/null', { onCancel: 'leave' }, true);
  expect(left.cut).toBe('cancelled');
  expect(left.seconds).toBeLessThan(5);
});
