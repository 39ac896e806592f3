/** A group whose stores do not answer holds up no other, is not asked twice, and counts once it has answered. */
import { expect, test } from 'vitest';
import { Pulses } from '../../../src-main/app/schedule/pulses.ts';
import type { Pulse } from '../../../src-main/protection/pulse.ts';
import { samplePulse, sampleRegistration } from './sample-pulses.ts';

const registrations = [sampleRegistration('a'.repeat(32), 'silent'), sampleRegistration('b'.repeat(32), 'erp')];

/** Reads of the first group wait to be answered; of the others they are answered, or (null) refused, at once. */
function world(answer: Pulse | null): {
  pulses: Pulses;
  asked: string[];
  readers: () => number;
  answerSilent: (pulse: Pulse) => void;
} {
  const silent = Promise.withResolvers<Pulse>();
  const asked: string[] = [];
  let readers = 0;
  const pulses = new Pulses(() => {
    readers += 1;
    return {
      read: ({ definition: { name } }) => {
        asked.push(name);
        if (name === 'silent') return silent.promise;
        return answer === null ? Promise.reject(new Error('unread')) : Promise.resolve(answer);
      },
      dispose: () => undefined,
    };
  });
  return { pulses, asked, readers: () => readers, answerSilent: silent.resolve };
}

test('who does not answer is left out, asked once, and counted at the look after its answer', async () => {
  const { pulses, asked, readers, answerSilent } = world(samplePulse('protected', null));
  const phases = async (): Promise<(string | undefined)[]> =>
    (await pulses.look(registrations)).map(({ pulse }) => pulse?.standing.phase);
  expect(await phases()).toEqual([undefined, 'protected']);
  const began = performance.now();
  expect(await phases()).toEqual([undefined, 'protected']);
  // It was waited for already: with many of them the others would come to their looks more and more seldom.
  expect(performance.now() - began).toBeLessThan(1000);
  expect(asked).toEqual(['silent', 'erp', 'erp']);
  expect(readers()).toBe(2);
  answerSilent(samplePulse('interrupted', null));
  expect(await phases()).toEqual(['interrupted', 'protected']);
});

test('stores that cannot be read are no pulse, and the end of the program waits for nobody', async () => {
  const { pulses } = world(null);
  const look = pulses.look(registrations.toReversed());
  pulses.dispose();
  const seen = await look;
  expect(seen.map(({ pulse }) => pulse)).toEqual(seen.map(() => null));
});
