/** Runs that are killed in the middle of a step of their plan, or of their operation between the steps. */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Checkpoint, killed, recoveryRecord } from '../support/kills.ts';
import { PlannedSites, stepOf } from '../support/planned-sites.ts';
import { contents, groupIn, lose } from '../support/site-states.ts';
import { write } from '../support/two-sites.ts';

const failover = ['failover', 'erp', '--confirm', 'erp'];

/** A command that waits the first time, with the number of its process kept, and goes through the next time. */
function waitingOnce(sites: PlannedSites, name: string): string {
  const [pid, again] = [sites.path('pid'), sites.path('again')];
  return `${sites.noting(name)}; if test -e ${again}; then exit 0; fi; touch ${again}; echo $$ > ${pid}; sleep 600`;
}

async function killedInStep(sites: PlannedSites, ...words: string[]): Promise<number> {
  const running = sites.sitepair.start(...words);
  while (!existsSync(sites.path('pid')) || readFileSync(sites.path('pid'), 'utf8') === '') await sleep(20);
  running.kill('SIGKILL');
  await running.ended;
  return Number(readFileSync(sites.path('pid'), 'utf8'));
}

function isGone(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).startsWith('Z');
  } catch {
    return true;
  }
}

test.for(['before', 'after'] as const)(
  'a kill in a step %s the operation: the group stands well, that step is run again, and its old command is ended first',
  async (when, context) => {
    const sites = await PlannedSites.protected(
      context,
      (one) => `steps:
  - {id: first, before: failover, run: 'echo said; ${one.noting('first')}'}
  - {id: cut, ${when}: failover, run: '${waitingOnce(one, 'cut')}'}
  - {id: last, after: failover, run: '${one.noting('last')}'}
`,
    );
    const left = await killedInStep(sites, ...failover);
    const group = await groupIn(sites, when === 'before' ? 'protected' : 'failed-over');
    expect(group.cutOff?.was).toContain('Its process was ended in the step cut');
    const [run] = (await sites.sitepair.must('runs', 'erp', '--last', '1')).runs ?? [];
    expect(run?.outcome).toBe('interrupted');
    const ended = run?.steps.find(({ plan }) => plan?.id === 'first')?.plan;
    expect(ended, 'what came before the kill is in the run').toMatchObject({ state: 'done', output: 'said\n' });
    const shown = await sites.sitepair.must('runs', 'show', run?.id ?? '');
    const checked = shown.run?.report?.checks?.map(({ id, status }) => `${id} ${status}`);
    expect(checked, 'what was found before it is in the run').toContain('no-other-run pass');
    const now = contents(sites, 'b');
    expect(isGone(left)).toBe(false);
    const resumed = await sites.sitepair.must('resume', 'erp');
    expect(resumed.warnings?.join(' ')).toMatch(/step cut was cut off .* and is run again/);
    expect(resumed.warnings?.join(' ')).toMatch(/still ran from before, and was ended/);
    expect(isGone(left)).toBe(true);
    expect(stepOf(resumed, 'cut').state).toBe('done');
    expect(sites.noted).toEqual(['first', 'cut', 'cut', 'last']);
    await groupIn(sites, 'failed-over');
    expect(contents(sites, 'b')).toEqual(now);
  },
);

test.for(['rollback', 'commit'] as const)(
  'a step that was killed and is given up with %s: its old command is ended',
  async (word, context) => {
    const when = word === 'rollback' ? 'before' : 'after';
    const sites = await PlannedSites.protected(
      context,
      (one) => `steps:
  - {id: cut, ${when}: failover, run: '${waitingOnce(one, 'cut')}'}
`,
    );
    const left = await killedInStep(sites, ...failover);
    expect(isGone(left)).toBe(false);
    const { warnings = [] } = await sites.sitepair.must(
      word,
      'erp',
      ...(word === 'commit' ? ['--confirm', 'erp'] : []),
    );
    expect(warnings.join(' ')).toMatch(/are given up/);
    expect(warnings.join(' ')).toMatch(/still ran from before, and was ended/);
    expect(isGone(left)).toBe(true);
  },
);

test.for([
  ['before', 'sync', ['sync', 'erp']],
  ['after', 'sync', ['sync', 'erp']],
  ['before', 'test-failover', ['test-failover', 'erp', '--dir']],
] as const)(
  'a kill in a step %s a %s: its old command is ended before the next one begins',
  async ([when, of, words], context) => {
    const sites = await PlannedSites.protected(
      context,
      (one) => `steps:
  - {id: cut, ${when}: ${of}, run: '${waitingOnce(one, 'cut')}'}
`,
    );
    const given = of === 'sync' ? words : [...words, sites.path('copies')];
    const left = await killedInStep(sites, ...given);
    expect(isGone(left)).toBe(false);
    const { warnings = [] } = await sites.sitepair.must(...given);
    expect(warnings.join(' ')).toMatch(/command of the step cut still ran from before, and was ended/);
    expect(isGone(left)).toBe(true);
    expect(sites.noted).toEqual(['cut', 'cut']);
    // And not a second time, nor of a command that ended well.
    if (of === 'sync') expect((await sites.sitepair.must(...given)).warnings ?? []).toEqual([]);
  },
);

test('a failover after a kill in a step of a cycle ends its command as well', async (context) => {
  const sites = await PlannedSites.protected(
    context,
    (one) => `steps:
  - {id: cut, before: sync, run: '${waitingOnce(one, 'cut')}'}
`,
  );
  const left = await killedInStep(sites, 'sync', 'erp');
  await sites.sitepair.must('verify', 'erp');
  expect(isGone(left)).toBe(false);
  const { warnings = [] } = await sites.sitepair.must(...failover);
  expect(warnings.join(' ')).toMatch(/still ran from before, and was ended/);
  expect(isGone(left)).toBe(true);
});

test('a test failover that goes on in a step keeps its command when another one begins, until it is killed itself', async (context) => {
  const sites = await PlannedSites.protected(
    context,
    (one) => `steps:
  - {id: cut, before: test-failover, run: '${waitingOnce(one, 'cut')}'}
`,
  );
  const first = sites.sitepair.start('test-failover', 'erp', '--dir', sites.path('first'));
  while (!existsSync(sites.path('pid')) || readFileSync(sites.path('pid'), 'utf8') === '') await sleep(20);
  const left = Number(readFileSync(sites.path('pid'), 'utf8'));
  const second = await sites.sitepair.must('test-failover', 'erp', '--dir', sites.path('second'));
  expect((second.warnings ?? []).join(' ')).not.toMatch(/was ended/);
  expect(isGone(left)).toBe(false);
  first.kill('SIGKILL');
  await first.ended;
  const { warnings = [] } = await sites.sitepair.must('test-cleanup', 'erp');
  expect(warnings.join(' ')).toMatch(/still ran from before, and was ended/);
  expect(isGone(left)).toBe(true);
});

test('a kill anywhere in the change of sides: the steps before it are not run again, and those after it once', async (context) => {
  const sites = await PlannedSites.protected(
    context,
    (one) => `steps:
  - {id: first, before: failover, run: '${one.noting('first')}'}
  - {id: last, after: failover, run: '${one.noting('last')}'}
`,
  );
  const begin = new Checkpoint(sites);
  for (let nth = 1; ; nth += 1) {
    begin.restore();
    rmSync(sites.path('notes'), { force: true });
    if (!(await killed(sites, { files: recoveryRecord, nth }, ...failover))) break;
    const { phase, cutOff } = await sites.sitepair.group('erp');
    expect(cutOff, `killed before write ${nth} of the record, ${phase}`).toBeDefined();
    await sites.sitepair.must('resume', 'erp');
    expect(sites.noted, `killed before write ${nth} of the record`).toEqual(['first', 'last']);
    await groupIn(sites, 'failed-over');
  }
  expect(sites.noted).toEqual(['first', 'last']);
});

test('a run goes on at its step when the primary site is lost meanwhile, with what the other store kept', async (context) => {
  const sites = await PlannedSites.protected(
    context,
    (one) => `steps:
  - {id: first, before: failover, run: '${one.noting('first')}'}
  - {id: second, before: failover, run: 'test -e ${one.path('mended')}'}
`,
  );
  expect((await sites.sitepair.run(...failover)).exitCode).toBe(5);
  lose(sites, 'a');
  writeFileSync(sites.path('mended'), '');
  await sites.sitepair.must('resume', 'erp');
  expect(sites.noted).toEqual(['first']);
  await groupIn(sites, 'failed-over');
});

test('a planned failover that is cut off in its last cycle is off: its steps are given up with the cycle', async (context) => {
  const sites = await PlannedSites.protected(
    context,
    (one) => `steps:
  - {id: first, before: planned-failover, run: '${one.noting('first')}'}
  - {id: last, after: planned-failover, run: '${one.noting('last')}'}
`,
  );
  write(sites.source(), 0, 100_000);
  const inCycle = { files: /\/b\/one\.img$/, nth: 2 };
  expect(await killed(sites, inCycle, 'failover', 'erp', '--planned', '--confirm', 'erp')).toBe(true);
  await groupIn(sites, 'interrupted');
  const { warnings = [] } = await sites.sitepair.must('resume', 'erp');
  expect(warnings.join()).toMatch(/steps around the planned-failover .* are given up/);
  expect(sites.noted).toEqual(['first']);
  await groupIn(sites, 'protected');
  sites.expectMirrored();
});

test('a command of which no store knows yet, as its process is killed, never runs', async (context) => {
  const sites = await PlannedSites.protected(
    context,
    (one) => `steps:
  - {id: first, before: sync, run: '${one.noting('first')}'}
`,
  );
  await sites.sitepair.must('sync', 'erp');
  rmSync(sites.path('notes'));
  // Killed before each note of the step: which process carries it out, and that it is over.
  const begun: number[] = [];
  for (let nth = 1; await killed(sites, { files: /\/b\/store\/[^/]+\/cycle-step$/, nth }, 'sync', 'erp'); nth += 1) {
    await sleep(300);
    begun.push(sites.noted.length);
    rmSync(sites.path('notes'), { force: true });
  }
  expect(begun).toEqual([0, 1]);
});
