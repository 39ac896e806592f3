/** Steps of a plan that fail, hang and shout: what they do to the run, and what they never do to the group. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Installation } from '../support/installation.ts';
import { PlannedSites, stepOf } from '../support/planned-sites.ts';
import { contents, groupIn } from '../support/site-states.ts';
import { write } from '../support/two-sites.ts';

const failover = ['failover', 'erp', '--confirm', 'erp'];

test('commands run in their order around an operation, in the right direction, and know what they stand at', async (context) => {
  const sites = await PlannedSites.protected(
    context,
    (one) => `steps:
  - {id: first, before: failover, run: '${one.noting('before $SITEPAIR_OPERATION of $SITEPAIR_GROUP')}'}
  - {id: other-way, before: failover, to: primary, run: '${one.noting('never')}'}
  - {id: of-commit, after: commit, run: '${one.noting('committed at $SITEPAIR_SITE_ROLE')}'}
  - {id: there, after: [failover, undo], directory: ${one.path('b')}, run: '${one.noting('$PWD $SITEPAIR_SITE')}'}
  - {id: where, after: failover, run: '${one.noting('$SITEPAIR_POINT $SITEPAIR_PATH_PAIR_2 from $SITEPAIR_OTHER_SITE')}'}
`,
  );
  const { run } = await sites.sitepair.must(...failover);
  expect(sites.noted).toEqual([
    'before failover of erp',
    `${sites.path('b')} Hall B`,
    `${run?.pointId ?? ''} ${sites.target(1)} from Hall A`,
  ]);
  expect(run?.steps.map((step) => step.plan?.id ?? '-').filter((id) => id !== '-')).toEqual([
    'first',
    'there',
    'where',
  ]);
  await sites.sitepair.must('commit', 'erp', '--confirm', 'erp');
  expect(sites.noted.at(-1)).toBe('committed at recovery');
});

test('a step before an operation that fails leaves the group as it was; the run goes on at that step', async (context) => {
  const sites = await PlannedSites.protected(
    context,
    (one) => `steps:
  - {id: first, before: failover, run: '${one.noting('first')}'}
  - {id: second, before: failover, run: '${one.noting('second')}; test -e ${one.path('mended')} || { echo no disk >&2; exit 7; }'}
  - {id: third, after: failover, run: '${one.noting('third')}'}
`,
  );
  const before = contents(sites, 'b');
  const stopped = await sites.sitepair.run(...failover);
  expect(stopped.exitCode).toBe(5);
  expect(stopped.report.run).toMatchObject({ outcome: 'failed', error: { code: 'step-failed', where: 'second' } });
  expect(stopped.report.run?.error?.message).toMatch(/exit code 7.*no disk.*Nothing was changed/);
  expect(stepOf(stopped.report, 'second').state).toBe('failed');
  expect(stepOf(stopped.report, 'second').output).toContain('no disk');
  const group = await groupIn(sites, 'protected');
  expect(group.cutOff?.was).toContain('before it changed anything');
  expect(group.cutOff?.changesSides).toBe(true);
  expect(group.health.reasons.join()).toContain('step second failed');
  expect(contents(sites, 'b')).toEqual(before);

  // Replication goes on meanwhile, and another try stops there again.
  write(sites.source(), 0, 50_000);
  await sites.sitepair.must('sync', 'erp');
  expect((await sites.sitepair.run('resume', 'erp')).exitCode).toBe(5);
  writeFileSync(sites.path('mended'), '');
  const { run } = await sites.sitepair.must('resume', 'erp');
  expect(run?.operation).toBe('resume');
  expect(sites.noted).toEqual(['first', 'second', 'second', 'second', 'third']);
  const after = await groupIn(sites, 'failed-over');
  expect(after).toMatchObject({ activeSite: 'recovery' });
  expect(after.cutOff).toBeUndefined();
  expect((await sites.sitepair.run('resume', 'erp')).exitCode).toBe(3);
});

test('what stopped before it began can be given up, or begun anew', async (context) => {
  const sites = await PlannedSites.protected(
    context,
    (one) => `steps:
  - {id: first, before: failover, run: '${one.noting('first')}'}
  - {id: second, before: failover, run: 'test -e ${one.path('mended')}'}
`,
  );
  expect((await sites.sitepair.run(...failover)).exitCode).toBe(5);
  const before = contents(sites, 'b');
  await sites.sitepair.must('rollback', 'erp');
  expect(contents(sites, 'b')).toEqual(before);
  expect((await groupIn(sites, 'protected')).cutOff).toBeUndefined();
  expect((await sites.sitepair.run('resume', 'erp')).exitCode).toBe(3);

  expect((await sites.sitepair.run(...failover)).exitCode).toBe(5);
  writeFileSync(sites.path('mended'), '');
  await sites.sitepair.must(...failover);
  expect(sites.noted).toEqual(['first', 'first', 'first']);
});

test('a step after the promotion that fails takes nothing back: only steps are left, and a resume is about them', async (context) => {
  const sites = await PlannedSites.protected(
    context,
    (one) => `steps:
  - {id: mount, after: failover, run: '${one.noting('mount')}; test -d ${one.path('there')}'}
  - {id: last, after: failover, run: '${one.noting('last at $SITEPAIR_PATH_PAIR_1')}'}
`,
  );
  const stopped = await sites.sitepair.run(...failover);
  expect(stopped.exitCode).toBe(5);
  expect(stopped.report.run).toMatchObject({ outcome: 'interrupted', error: { code: 'step-failed', where: 'mount' } });
  expect(stopped.report.run?.pointId).toBeDefined();
  const { activeSite, cutOff } = await groupIn(sites, 'failed-over');
  expect(activeSite).toBe('recovery');
  expect(cutOff).toMatchObject({ rollback: [], changesSides: false });
  // Production writes there by now, which is in nobody's way.
  write(sites.target(), 0, 50_000);
  const production = contents(sites, 'b');
  mkdirSync(sites.path('there'));
  await sites.sitepair.must('resume', 'erp');
  expect(sites.noted).toEqual(['mount', 'mount', `last at ${sites.target()}`]);
  expect(contents(sites, 'b')).toEqual(production);
  expect((await groupIn(sites, 'failed-over')).cutOff).toBeUndefined();
});

test('steps that are left do not keep an operator from going on; that they were given up is said', async (context) => {
  const sites = await PlannedSites.protected(context, () => 'steps:\n  - {id: mount, after: failover, run: "false"}\n');
  expect((await sites.sitepair.run(...failover)).exitCode).toBe(5);
  const { warnings = [] } = await sites.sitepair.must('commit', 'erp', '--confirm', 'erp');
  expect(warnings.join()).toMatch(/steps around the failover .* are given up/);
  expect((await groupIn(sites, 'committed')).cutOff).toBeUndefined();
});

test('a broken step is left out by its name, with a reason that is kept', async (context) => {
  const sites = await PlannedSites.protected(
    context,
    (one) => `steps:
  - {id: broken, before: failover, run: exit 1}
  - {id: also, after: failover, run: exit 1}
  - {id: well, after: failover, run: '${one.noting('well')}'}
`,
  );
  await sites.refused(2, /without a reason/, [...failover, '--skip-step', 'broken']);
  await sites.refused(3, /no step brokn/, [...failover, '--skip-step', 'brokn', '--reason', 'in the way']);
  const stopped = await sites.sitepair.run(...failover, '--skip-step', 'broken', '--reason', 'switch is gone');
  expect(stopped.exitCode).toBe(5);
  expect(stepOf(stopped.report, 'broken')).toMatchObject({
    state: 'skipped',
    note: 'switch is gone',
    operator: 'tester',
  });
  await groupIn(sites, 'failed-over');
  await sites.refused(1, /has no step alsp/, ['resume', 'erp', '--skip-step', 'alsp', '--reason', 'a slip']);
  await sites.sitepair.must('resume', 'erp', '--skip-step', 'also', '--reason', 'not needed here');
  expect(sites.noted).toEqual(['well']);
});

test.for(['trap "" TERM; ', ''])(
  'a command that hangs is ended with all that it started, and the next try has its time again (%j)',
  async (ignoring, context) => {
    const sites = await PlannedSites.protected(
      context,
      (one) => `steps:
  - id: hangs
    before: failover
    run: ${ignoring}echo $$ > ${one.path('pid')}; ${one.noting('try')}; (trap "" TERM; sleep 600) & sleep 600; sleep 600
    timeout: 1s
    retries: 1
`,
    );
    const stopped = await sites.sitepair.run(...failover);
    expect(stopped.exitCode).toBe(5);
    expect(stopped.report.run?.error?.message).toMatch(/had not ended after 1 s/);
    expect(stepOf(stopped.report, 'hangs').attempts).toBe(2);
    expect(sites.noted).toEqual(['try', 'try']);
    expect(processesOf(sites.path('pid'))).toEqual([]);
  },
);

/** The processes of the group whose number a file holds. */
function processesOf(file: string): string[] {
  const group = readFileSync(file, 'utf8').trim();
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const [state, , processGroup] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return processGroup === group && state !== 'Z';
    } catch {
      return false;
    }
  });
}

test('a command that shouts is kept by how it began and how it ended, and what is left out is said', async (context) => {
  const shouts = 'echo begins; head -c 50000000 /dev/zero | tr "\\\\0" "x"; echo ends';
  const sites = await PlannedSites.protected(
    context,
    () => `steps:\n  - {id: shouts, before: failover, run: '${shouts.replace('\\\\0', '\\0')}'}\n`,
  );
  const { output } = stepOf(await sites.sitepair.must(...failover), 'shouts');
  expect(output.length).toBeLessThan(132_000);
  expect(output).toMatch(/^begins\n/);
  expect(output).toMatch(/ends\n$/);
  expect(output).toMatch(/… 49868\d{3} characters were left out here …/);
});

test('a step that failed is passed over where it says so, and one that would ask stops where nobody sits', async (context) => {
  const sites = await PlannedSites.protected(
    context,
    (one) => `steps:
  - {id: nice, before: failover, run: exit 3, on-failure: go-on}
  - {id: asks, after: failover, run: 'test -e ${one.path('well')}', on-failure: ask}
`,
  );
  const stopped = await sites.sitepair.run(...failover);
  expect(stepOf(stopped.report, 'nice').state).toBe('went-on');
  expect(stopped.report.warnings?.join()).toContain('The step nice failed, and the run went on without it');
  expect(stopped).toMatchObject({ exitCode: 5, report: { run: { error: { where: 'asks' } } } });
  writeFileSync(sites.path('well'), '');
  await sites.sitepair.must('resume', 'erp');
});

test('a condition is waited for, and no longer than it may take', async (context) => {
  const sites = await PlannedSites.protected(
    context,
    (one) => `steps:
  - {id: comes, after: failover, wait: '${one.noting('look')}; test $(wc -l < ${one.path('notes')}) -ge 3', every: 1s}
  - {id: never, after: failover, wait: exit 4, every: 1s, timeout: 2s}
`,
  );
  const stopped = await sites.sitepair.run(...failover);
  expect(sites.noted).toHaveLength(3);
  expect(stepOf(stopped.report, 'comes')).toMatchObject({ state: 'done', attempts: 1 });
  expect(stopped.report.run?.error?.message).toMatch(/did not come within 2 s.*exit code 4/);
});

test('a manual step stops a run where nobody sits, and is said to be done by who did it', async (context) => {
  const sites = await PlannedSites.protected(
    context,
    (one) => `steps:
  - {id: switch, before: failover, manual: Turn the switch}
  - {id: then, before: failover, run: '${one.noting('then')}'}
`,
  );
  const stopped = await sites.sitepair.run(...failover);
  expect(stopped.exitCode).toBe(5);
  expect(stopped.report.run?.error?.message).toContain('waits for a person: Turn the switch');
  await groupIn(sites, 'protected');
  expect((await sites.sitepair.run('resume', 'erp')).exitCode).toBe(5);
  expect(sites.noted).toEqual([]);
  const done = await sites.sitepair.must('resume', 'erp', '--done-step', 'switch', '--note', 'turned at rack 4');
  expect(stepOf(done, 'switch')).toMatchObject({ state: 'done', note: 'turned at rack 4', operator: 'tester' });
  await groupIn(sites, 'failed-over');
});

test('commands of a plan that came with a store are off: it is a check, and who accepts that goes without them', async (context) => {
  const sites = await PlannedSites.protected(
    context,
    (one) => `steps:\n  - {id: first, before: failover, run: '${one.noting('ran')}'}\n`,
  );
  const elsewhere = new Installation(sites.path('other-home'));
  await elsewhere.must('group', 'adopt', sites.recoveryStore, '--other-store', sites.primaryStore);
  await sites.refused(3, /plan came with a store/, failover, elsewhere);
  const { warnings = [] } = await elsewhere.must(...failover, '--accept', 'plan-ready');
  expect(warnings.join()).toContain('The step first was left out');
  expect(sites.noted).toEqual([]);
});

test('a cancel ends the command of a step, and a resume goes on there', async (context) => {
  const sites = await PlannedSites.protected(
    context,
    (one) => `steps:
  - {id: long, before: failover, run: '${one.noting('began')}; touch ${one.path('began')}; test -e ${one.path('quick')} || sleep 600'}
`,
  );
  const running = sites.sitepair.start(...failover);
  while (!existsSync(sites.path('began'))) await sleep(20);
  running.kill('SIGINT');
  const { exitCode, report } = await running.ended;
  expect(exitCode).toBe(5);
  expect(report.run?.outcome).toBe('cancelled');
  await groupIn(sites, 'protected');
  writeFileSync(sites.path('quick'), '');
  await sites.sitepair.must('resume', 'erp');
  expect(sites.noted).toEqual(['began', 'began']);
  await groupIn(sites, 'failed-over');
});
