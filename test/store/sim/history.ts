/** Random histories for fast-check, and how one is played. */
import fc from 'fast-check';
import { Play, type Setting, type Step } from './play.ts';
import type { Sabotage } from './site.ts';

const seed = fc.nat({ max: 0xffff_ffff });

const setting: fc.Arbitrary<Setting> = fc.record({
  volumes: fc.array(
    fc.record({
      sizeBytes: fc.oneof(fc.integer({ min: 1, max: 20_000 }), fc.constantFrom(1, 512, 4096, 4097, 8192, 12_289)),
      tellsHoles: fc.boolean(),
      sourceBlank: fc.nat({ max: 4 }).map((n) => n === 0),
      targetBlank: fc.nat({ max: 2 }).map((n) => n > 0),
    }),
    { minLength: 1, maxLength: 3 },
  ),
  lanes: fc.integer({ min: 1, max: 3 }),
  segmentPayloadBytes: fc.constantFrom(512, 2048, 5000, 16_384),
  blockBytes: fc.constantFrom(512, 1024, 4096),
  stripBytes: fc.constantFrom(4096, 8192, 65_536),
  shuffled: fc.boolean(),
  keep: fc.integer({ min: 1, max: 5 }),
  foldAbove: fc.integer({ min: 1, max: 3 }),
  seed,
});

const step: fc.Arbitrary<Step> = fc.record({
  what: fc.oneof(
    { weight: 5, arbitrary: fc.constant('cycle' as const) },
    { weight: 2, arbitrary: fc.constant('roll back' as const) },
    { weight: 3, arbitrary: fc.constant('move' as const) },
    { weight: 2, arbitrary: fc.constant('drop' as const) },
    { weight: 1, arbitrary: fc.constant('turn over' as const) },
  ),
  choice: fc.nat({ max: 15 }),
  writes: fc.nat({ max: 4 }),
  meanwhile: fc.nat({ max: 5 }).map((n) => n === 0),
  unreadable: fc.nat({ max: 3 }).map((n) => n === 0),
  fuzzy: fc.nat({ max: 4 }).map((n) => n === 0),
  trouble: fc.option(
    fc.record({
      after: fc.oneof(fc.nat({ max: 12 }), fc.nat({ max: 50 })),
      how: fc.constantFrom('power cut', 'power cut', 'power cut', 'kill', 'error'),
    }),
    { freq: 2 },
  ),
  seed,
});

export interface History {
  setting: Setting;
  steps: Step[];
}

export const histories: fc.Arbitrary<History> = fc.record({
  setting,
  steps: fc.array(step, { minLength: 2, maxLength: 6 }),
});

/** Plays a history from beginning to end; throws where something does not hold. */
export async function play({ setting: chosen, steps }: History, sabotage: Sabotage = {}): Promise<void> {
  const played = new Play(chosen, sabotage);
  for (const [n, one] of steps.entries()) await played.step(one, n === steps.length - 1);
}
