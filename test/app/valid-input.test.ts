/** Whatever comes in over the contract fits the call's schema, or is refused in words. */
import { expect, test } from 'vitest';
import { calls, type CallInput, type CallName } from '../../src-main/contract/contract.ts';
import { validInput } from '../../src-main/app/valid-input.ts';
import { sampleInput } from '../hosts/sample-input.ts';
import type { Random } from '../store/sim/random.ts';
import { eachCase, givenOrRefused, mutatedText } from '../support/fuzz.ts';

const names = Object.keys(calls) as CallName[];

/** A value that nobody expects, of whatever kind. */
function odd(random: Random): unknown {
  const values = [null, true, -1, 1e308, 0.5, '', 'x'.repeat(100_000), '\ud800', [], [[[[]]]], {}, { __proto__: 1 }];
  return values[random.below(values.length)];
}

/** The same, with something else at a place or two. */
function changed(value: unknown, random: Random): unknown {
  if (random.chance(0.2)) return odd(random);
  if (Array.isArray(value)) {
    return [...value.map((one) => changed(one, random)), ...(random.chance(0.3) ? [odd(random)] : [])];
  }
  if (typeof value !== 'object' || value === null) return random.chance(0.3) ? odd(random) : value;
  const entries = Object.entries(value).map(([key, one]): [string, unknown] => [key, changed(one, random)]);
  const more: [string, unknown][] = random.chance(0.3)
    ? [[random.pick(['__proto__', 'constructor', 'name']), odd(random)]]
    : [];
  return Object.fromEntries([...entries, ...more]);
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

test('every call takes what fits its schema, and refuses all else', () => {
  for (const name of names) {
    const sample = sampleInput(calls[name].input, 'words');
    eachCase((random) => {
      const text = JSON.stringify(sample) as string | undefined;
      const given = random.chance(0.5) ? changed(sample, random) : asJson(mutatedText(text ?? 'null', random));
      // A host may hand over anything.
      const read = givenOrRefused(() => validInput(name, given as CallInput<typeof name>));
      if (read !== null) expect(calls[name].input.safeParse(read.given).success, name).toBe(true);
      expect(Object.prototype, name).not.toHaveProperty('name');
    }, 0.3);
  }
});
