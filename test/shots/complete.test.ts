/** The walk of `npm run shots` is held complete: who adds an operation, a page or an outcome adds its picture. */
import { expect, test } from 'vitest';
import { jointOperations } from '../../src-main/contract/failover-plans.ts';
import { operations } from '../../src-main/contract/phases.ts';
import { outcomeSchema } from '../../src-main/contract/runs.ts';
import { placeOf, type Place } from '../../src-renderer/state/address.ts';
import { legs } from './walk.ts';
import { picturesOf } from './wizard.ts';

const taken = legs.flatMap(({ pictures }) => pictures);

/** Those of `wanted` that no leg takes. */
function missing(wanted: readonly string[]): string[] {
  return wanted.filter((picture) => !taken.includes(picture));
}

/** The addresses of all places, each with its picture; a place that is missing here does not compile. */
const pictureOf: Record<Place['view'], { address: string; picture: string }> = {
  overview: { address: '#/overview', picture: 'page-overview' },
  groups: { address: '#/groups', picture: 'page-groups' },
  group: { address: '#/groups/erp', picture: 'page-group' },
  volumes: { address: '#/volumes', picture: 'page-volumes' },
  runs: { address: '#/runs', picture: 'page-runs' },
  run: { address: '#/runs/42', picture: 'page-run' },
  audit: { address: '#/audit', picture: 'page-audit' },
  settings: { address: '#/settings', picture: 'page-settings' },
  protect: { address: '#/protect', picture: 'new-group-name' },
  adopt: { address: '#/adopt', picture: 'page-adopt' },
  drill: { address: '#/drill', picture: 'page-drill' },
  'verify-all': { address: '#/verify-all', picture: 'page-verify-all' },
  salvage: { address: '#/salvage', picture: 'page-salvage' },
  plans: { address: '#/plans', picture: 'page-plans' },
  plan: { address: '#/plans/hall-a-lost', picture: 'page-plan' },
  'plan-editor': { address: '#/new-plan', picture: 'page-plan-editor' },
  'plan-wizard': { address: '#/do-plan/failover/hall-a-lost', picture: 'plan-failover-review' },
  'group-settings': { address: '#/groups/erp/settings', picture: 'page-group-settings' },
  'add-pair': { address: '#/groups/erp/add-pair', picture: 'add-pair-choices' },
  'remove-pair': { address: '#/groups/erp/remove-pair/pair-1', picture: 'remove-pair-choices' },
  wizard: { address: '#/do/sync/erp', picture: 'sync-choices' },
};

test.each(operations)('every step of the wizard of %s is photographed', (operation) => {
  expect(missing(picturesOf(operation))).toEqual([]);
});

test.each(jointOperations)('%s of a failover plan is photographed', (operation) => {
  expect(missing([`plan-${operation}-review`])).toEqual([]);
});

test.each(Object.entries(pictureOf))('the place %s is photographed', (view, { address, picture }) => {
  expect(placeOf(address).view).toBe(view);
  expect(missing([picture])).toEqual([]);
});

test('a run that ended otherwise than well is photographed, each way', () => {
  const otherwise = outcomeSchema.options.filter((outcome) => outcome !== 'succeeded');
  expect(missing(otherwise.map((outcome) => `result-${outcome}`))).toEqual([]);
});

test('no two pictures, and no two legs, have one name', () => {
  for (const names of [taken, legs.map(({ name }) => name)]) expect(names).toEqual([...new Set(names)]);
});
