/** Recovery plans as configuration: judged by line, kept in both stores, brought back by adopt with commands off. */
import { copyFileSync, existsSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, type TestContext } from 'vitest';
import { z } from 'zod';
import { planViewSchema, type PlanView } from '../../src-main/contract/plan.ts';
import { Installation } from '../support/installation.ts';
import { lose } from '../support/site-states.ts';
import { TwoSites } from '../support/two-sites.ts';

const text = `# kept with its remarks
steps:
  - id: announce
    before: [failover, planned-failover]
    run: echo begins
    timeout: 30s
servers:
  primary:
    stop: echo stop
`;

async function planOf(by: Installation): Promise<PlanView> {
  const { printed } = await by.run('plan', 'show', 'erp');
  return z.object({ plan: planViewSchema }).parse(JSON.parse(printed.split('\n')[0] ?? '')).plan;
}

async function withPlan(context: TestContext, given = text): Promise<TwoSites> {
  const sites = new TwoSites(context);
  await sites.sitepair.must(...sites.creation());
  writeFileSync(sites.path('plan.yaml'), given);
  await sites.sitepair.must('plan', 'set', 'erp', sites.path('plan.yaml'));
  return sites;
}

test('a plan is shown as it was written, raises the version of its group, and is in the audit log', async (context) => {
  const sites = new TwoSites(context);
  await sites.sitepair.must(...sites.creation());
  const { version } = await sites.sitepair.group('erp');
  writeFileSync(sites.path('plan.yaml'), text);
  await sites.sitepair.must('plan', 'set', 'erp', sites.path('plan.yaml'));
  expect((await sites.sitepair.group('erp')).version).toBeGreaterThan(version);
  const plan = await planOf(sites.sitepair);
  expect(plan).toMatchObject({ text, off: [], set: { operator: 'tester' } });
  expect(plan.plan.steps).toMatchObject([{ id: 'announce', kind: 'command', timeoutSeconds: 30, onFailure: 'stop' }]);
  expect((await sites.sitepair.run('audit')).printed).toContain('plan set');
});

test.for([
  ['steps:\n  - id: a\n    run: x\n', /Line 2 .*either before or after/],
  ['steps:\n  - id: a\n    before: sink\n    run: x\n', /Line 3 .*one operation or a list/],
  ['steps:\n  - id: a\n    after: undo\n    run: x\n    tiemout: 5s\n', /Line 5 .*no "tiemout"/],
  ['steps:\n  - id: a\n    after: undo\n    run: x\n    manual: y\n', /Line 2 .*exactly one/],
  ['steps:\n  - {id: a, after: undo, run: x}\n  - {id: a, after: undo, run: x}\n', /Line 3 .*two steps with the id a/],
  ['steps:\n  - id: a\n    before: sync\n    manual: tell them\n', /Line 2 .*manual and stands around sync/],
  ['x: &big [1]\ny: *big\n', /aliases/],
  ['steps: [', /no YAML/],
  [`# ${'x'.repeat(70_000)}\n`, /at most 65536 characters/],
] as const)('what is wrong is told with its line, and nothing is changed: %j', async ([given, says], context) => {
  const sites = await withPlan(context);
  writeFileSync(sites.path('wrong.yaml'), given);
  await sites.refused(2, says, ['plan', 'set', 'erp', sites.path('wrong.yaml')]);
  expect((await planOf(sites.sitepair)).text).toBe(text);
});

test.for(['a', 'b'] as const)(
  'the store of one site brings the plan back when the other and the catalog are lost (%s), its commands off',
  async (lost, context) => {
    const sites = await withPlan(context);
    await sites.sitepair.must('protect', 'erp');
    lose(sites, lost);
    const elsewhere = new Installation(sites.path('other-home'));
    const store = lost === 'a' ? sites.recoveryStore : sites.primaryStore;
    const { notes = [] } = await elsewhere.must('group', 'adopt', store);
    expect(notes.join()).toMatch(/recovery plan came with the store; its 2 commands are off/);
    expect(await planOf(elsewhere)).toMatchObject({ text, off: ['echo begins', 'echo stop'] });
    await elsewhere.must('group', 'set', 'erp', '--confirm-hooks');
    expect(await planOf(elsewhere)).toMatchObject({ text, off: [] });
    // A change of something else leaves them confirmed.
    await elsewhere.must('group', 'set', 'erp', '--rpo', '1h');
    expect(await planOf(elsewhere)).toMatchObject({ off: [] });
  },
);

test('of two stores the newer plan counts, and one that was away gets it', async (context) => {
  const sites = await withPlan(context);
  const away = sites.path('away');
  const file = join(sites.folder(sites.recoveryStore), 'plan');
  copyFileSync(file, away);
  const newer = text.replace('echo begins', 'echo begins now');
  writeFileSync(sites.path('plan.yaml'), newer);
  await sites.sitepair.must('plan', 'set', 'erp', sites.path('plan.yaml'));
  copyFileSync(away, file);
  expect((await planOf(sites.sitepair)).text).toBe(newer);
  await sites.sitepair.must('protect', 'erp');
  await sites.sitepair.must('group', 'set', 'erp', '--rpo', '1h');
  rmSync(join(sites.folder(sites.primaryStore), 'plan'));
  expect((await planOf(sites.sitepair)).text).toBe(newer);
});

test('a plan that is damaged in one store is read in the other; in both it is said, never taken for none', async (context) => {
  const sites = await withPlan(context);
  const files = [sites.primaryStore, sites.recoveryStore].map((store) => join(sites.folder(store), 'plan'));
  const damage = (file: string): void => {
    const bytes = readFileSync(file);
    writeFileSync(file, bytes.fill(0x41));
  };
  damage(files[0] ?? '');
  expect((await planOf(sites.sitepair)).text).toBe(text);
  damage(files[1] ?? '');
  await sites.refused(1, /plan of erp cannot be read.*damaged/, ['plan', 'show', 'erp']);
  for (const file of files) truncateSync(file, 100);
  await sites.sitepair.must('plan', 'set', 'erp', sites.path('plan.yaml'));
  expect((await planOf(sites.sitepair)).text).toBe(text);
});

test('the runbook in both stores has the steps of the plan as soon as it is set', async (context) => {
  const sites = await withPlan(context);
  for (const store of [sites.primaryStore, sites.recoveryStore]) {
    const page = readFileSync(join(sites.folder(store), 'runbook.html'), 'utf8');
    expect(page).toContain('<code>echo begins</code>');
    expect(page).toContain('<code>echo stop</code>');
  }
});

test('a purge takes the plan away too', async (context) => {
  const sites = await withPlan(context);
  await sites.sitepair.must('group', 'remove', 'erp', '--confirm', 'erp', '--purge');
  expect(existsSync(sites.folder(sites.primaryStore))).toBe(false);
});
