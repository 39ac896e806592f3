/** What a wizard says a power cut does to its run. */
import { expect, test } from 'vitest';
import { whenCutOff } from '../../src-renderer/wizards/operation-words.ts';

test.each([
  ['sync', false, 'it goes on, or is rolled back'],
  ['failover', true, 'it goes on with Resume'],
  ['verify', false, 'a verify can be started again'],
  ['compare', false, 'a comparison can be started again'],
  ['commit', false, 'how to go on is said'],
] as const)('of %s nothing is promised that it cannot do', (operation, turning, words) => {
  expect(whenCutOff(operation, turning)).toBe(`Power may be cut at any moment: ${words}.`);
});
