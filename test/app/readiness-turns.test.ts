/** When the clock has a group's readiness proved: once a round, and soon after what somebody did; by a played clock. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ReadinessTurns } from '../../src-main/app/readiness/readiness-turns.ts';
import { whyAgain } from '../../src-main/app/readiness/standing-proof.ts';
import { SitepairError } from '../../src-main/contract/errors.ts';
import type { Configuration, Readiness } from '../../src-main/contract/readiness.ts';
import type { Seen } from '../../src-main/app/schedule/pulses.ts';
import type { OperationOrder } from '../../src-main/protection/run-context.ts';
import { sampleProof } from '../hosts/cli/sample-readiness.ts';
import { samplePulse, sampleRegistration } from './schedule/sample-pulses.ts';

const registration = sampleRegistration();
const schedule = { everyHours: 24 };
const begin = Date.parse('2031-05-04T12:00:00.000Z');

beforeEach(() => {
  vi.useFakeTimers({ now: begin });
});
afterEach(() => {
  vi.useRealTimers();
});

/** A group as it is now, and the seconds at which it was looked at. */
class PlayedGroup {
  configuration: Configuration = { ...sampleProof().configuration, content: 'whole' };
  heldBy: string | null = null;
  /** Whether its stores answer. */
  answers = true;
  refused = false;
  readonly looks: number[] = [];
  #proof: Readiness['proof'] = null;
  readonly #turns = new ReadinessTurns({
    desk: {
      schedule: () => schedule,
      of: (_id, configuration) => {
        const kept = { proof: this.#proof, failure: null };
        return { ...kept, again: whyAgain(kept, { configuration, program: '0.1.0', schedule, now: Date.now() }) };
      },
      prove: () => {
        this.looks.push((Date.now() - begin) / 1000);
        if (this.refused) return Promise.reject(new SitepairError({ code: 'busy', message: 'Held.', remedy: 'Wait.' }));
        this.#proof = sampleProof({ at: new Date().toISOString(), configuration: this.configuration });
        return Promise.resolve();
      },
    },
    // Nothing of an order is looked at by who only begins.
    orderOf: () => ({}) as OperationOrder,
    log: { write: () => undefined },
  });

  /** Lets so many seconds go by, in which the scheduler looks as often as it does. */
  async goOn(seconds: number): Promise<void> {
    for (const end = Date.now() + seconds * 1000; Date.now() < end;) {
      const { heldBy, configuration } = this;
      const pulse = this.answers ? { ...samplePulse('protected', null), heldBy, configuration } : null;
      const seen: Seen[] = [{ registration, pulse }];
      this.#turns.look(seen);
      await vi.advanceTimersByTimeAsync(5000);
    }
  }

  change(part: Partial<Configuration>): void {
    this.configuration = { ...this.configuration, ...part };
  }
}

/** A group that was looked at 10 seconds ago. */
async function looked(): Promise<PlayedGroup> {
  const group = new PlayedGroup();
  await group.goOn(10);
  expect(group.looks).toEqual([0]);
  return group;
}

test.each([{ sides: '2 B' }, { settings: 'other paths' }, { content: 'damaged' }])(
  'what somebody changed is looked at within a minute, though a look has just been: %o',
  async (part) => {
    const group = await looked();
    group.change(part);
    await group.goOn(60);
    expect(group.looks).toEqual([0, 30]);
    await group.goOn(3600);
    expect(group.looks, 'nothing else has changed').toHaveLength(2);
  },
);

test('it waits while a run holds the group, and while its stores do not answer, and no longer', async () => {
  const group = await looked();
  group.change({ sides: '2 B' });
  group.heldBy = 'failover';
  await group.goOn(300);
  group.heldBy = null;
  group.answers = false;
  await group.goOn(300);
  expect(group.looks).toEqual([0]);
  group.answers = true;
  await group.goOn(5);
  expect(group.looks).toEqual([0, 610]);
  // A run that comes in between has it looked at again.
  group.change({ sides: '3 A' });
  group.refused = true;
  await group.goOn(60);
  group.refused = false;
  const tries = group.looks.length;
  await group.goOn(60);
  expect(group.looks.length).toBeGreaterThan(tries);
});

test('a volume that comes and goes is not followed, and a round is kept', async () => {
  const group = await looked();
  for (const productionSide of ['gone', 'there', 'gone', 'there', 'gone']) {
    group.change({ productionSide });
    await group.goOn(60);
  }
  expect(group.looks).toEqual([0]);
  await group.goOn(300);
  expect(group.looks).toEqual([0, 600]);
  await group.goOn(24 * 3600);
  expect(group.looks).toEqual([0, 600, 24 * 3600 + 600]);
});
