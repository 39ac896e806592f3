/** The evidence of a failover whose steps stopped: what its reports and the history say, mended or not. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createApplication } from '../../src-main/app.ts';
import { chromiumPrinter } from '../../src-main/hosts/chromium-printer.ts';
import { skipUnless } from '../needs.ts';
import { PlannedSites } from '../support/planned-sites.ts';
import { run, until } from '../volumes/scratch.ts';

const failover = ['failover', 'erp', '--confirm', 'erp', '--reason', 'fire in Hall A'];
const stopsAfter = (sites: PlannedSites): string => `steps:
  - {id: m, after: failover, run: 'test -e ${sites.path('mended')}'}
`;
const lost = /the moment of point 1\.1, .*: at most .*, counted to the confirmation\./;

/** The words of a page, its tags left out. */
function wordsOf(file: string): string {
  return readFileSync(file, 'utf8')
    .replaceAll(/<style>.*?<\/style>|<[^>]*>/gs, ' ')
    .replaceAll(/\s+/g, ' ');
}

async function written(sites: PlannedSites, words: readonly string[]): Promise<string> {
  const file = sites.path(`${words.join('-')}.html`);
  await sites.sitepair.must(...words, '--out', file);
  return wordsOf(file);
}

test('a failover whose step after it stopped and was mended names its point and loss, and every reason', async (context) => {
  const sites = await PlannedSites.protected(context, stopsAfter);
  const stopped = await sites.sitepair.run(...failover);
  expect(stopped.report.run?.outcome).toBe('interrupted');
  expect(await written(sites, ['report', stopped.report.run?.id ?? ''])).toMatch(lost);
  await sites.sitepair.must('compare', 'erp');
  writeFileSync(sites.path('mended'), '');
  const { run: resumed } = await sites.sitepair.must('resume', 'erp', '--reason', 'go on');
  const report = await written(sites, ['report', resumed?.id ?? '']);
  expect(report).toMatch(lost);
  expect(report).toMatch(/Recovery time [^,]*, from the confirmation to the end of the last step/);
  expect(report).toMatch(/Point 1\.1, of .* Digest of its content .* pair-1 [\da-f]{64} pair-2 [\da-f]{64}/);
  expect(report).toContain('Reason failover: fire in Hall A; resume: go on');
  expect(report).toMatch(/What led here .* failover interrupted .* tester: fire in Hall A/);
  const history = await written(sites, ['history', 'erp']);
  expect(history, 'it is one move').toContain('Production was moved once;');
  expect(history.match(/Lost: /g)).toHaveLength(1);
  expect(history).toMatch(/ to recover\. Lost: /);
});

test('one whose process was killed in a step after it has its point and loss when it was gone on with', async (context) => {
  const sites = await PlannedSites.protected(
    context,
    (one) => `steps:
  - {id: m, after: failover, run: 'test -e ${one.path('begun')} || { touch ${one.path('begun')}; sleep 600; }'}
`,
  );
  const running = sites.sitepair.start(...failover);
  await until(() => existsSync(sites.path('begun')));
  running.kill('SIGKILL');
  await running.ended;
  const { run: resumed } = await sites.sitepair.must('resume', 'erp');
  const report = await written(sites, ['report', resumed?.id ?? '']);
  expect(report).toMatch(lost);
  expect(report).toMatch(/Recovery time [^,]*, from the confirmation to the end of the last step/);
  expect(report).toMatch(/Point 1\.1, of .* pair-1 [\da-f]{64} pair-2 [\da-f]{64}/);
  expect(await written(sites, ['history', 'erp'])).toMatch(/Production was moved once;.* to recover\. Lost: /);
});

test('one that was killed before it changed anything tells what was checked and accepted as it was confirmed', async (context) => {
  const sites = await PlannedSites.protected(
    context,
    (one) => `steps:
  - {id: b, before: failover, run: 'test -e ${one.path('begun')} || { touch ${one.path('begun')}; sleep 600; }'}
  - {id: m, after: failover, run: 'test -e ${one.path('mended')}'}
`,
  );
  await sites.sitepair.must('group', 'set', 'erp', '--stopped-check', 'exit 1');
  const running = sites.sitepair.start(...failover, '--accept', 'production-stopped');
  await until(() => existsSync(sites.path('begun')));
  running.kill('SIGKILL');
  await running.ended;
  await sites.sitepair.run('resume', 'erp', '--confirm', 'erp');
  writeFileSync(sites.path('mended'), '');
  const { run: resumed } = await sites.sitepair.must('resume', 'erp');
  const report = await written(sites, ['report', resumed?.id ?? '']);
  expect(report).toMatch(/Accepted production-stopped /);
  expect(report).toContain('Production before at Hall A (protected) Production after at Hall B (failed-over)');
  expect(report).toMatch(/What was checked as it was confirmed .* fail, accepted .* says that production runs/);
  expect(report).toMatch(/of point 1\.1, .* and what was written there since/);
});

test('one that was killed once it had moved production tells from where, and what was accepted', async (context) => {
  const sites = await PlannedSites.protected(
    context,
    (one) => `steps:
  - {id: a, after: failover, run: 'test -e ${one.path('begun')} || { touch ${one.path('begun')}; sleep 600; }'}
`,
  );
  await sites.sitepair.must('group', 'set', 'erp', '--stopped-check', 'exit 1');
  const running = sites.sitepair.start(...failover, '--accept', 'production-stopped');
  await until(() => existsSync(sites.path('begun')));
  running.kill('SIGKILL');
  await running.ended;
  const { run: resumed } = await sites.sitepair.must('resume', 'erp');
  const report = await written(sites, ['report', resumed?.id ?? '']);
  expect(report).toMatch(/Accepted production-stopped /);
  expect(report).toContain('Production before at Hall A Production after at Hall B (failed-over)');
  expect(report).toMatch(/of point 1\.1, .* which was seen running: .* and what was written there since/);
});

test('one that the look after its steps blocked is named, and counted, when it was gone on with', async (context) => {
  const sites = await PlannedSites.protected(
    context,
    (one) => `steps:\n  - {id: up, before: failover, run: 'touch ${one.path('runs')}'}\n`,
  );
  await sites.sitepair.must('group', 'set', 'erp', '--stopped-check', `test ! -e ${sites.path('runs')}`);
  expect((await sites.sitepair.run(...failover)).exitCode).toBe(3);
  expect((await sites.sitepair.run('resume', 'erp')).exitCode).toBe(3);
  const { run: resumed } = await sites.sitepair.must('resume', 'erp', '--accept', 'production-stopped');
  const report = await written(sites, ['report', resumed?.id ?? '']);
  expect(report).toContain('Failover of erp, resumed: succeeded');
  expect(report).toContain('Production before at Hall A (protected)');
  expect(await written(sites, ['history', 'erp'])).toMatch(/Production was moved once;/);
});

test('one whose step is never mended is a recovery all the same, and one move of two', async (context) => {
  const sites = await PlannedSites.protected(context, stopsAfter);
  const stopped = await sites.sitepair.run(...failover);
  const again = await sites.sitepair.run('resume', 'erp');
  expect(again.report.run).toMatchObject({ outcome: 'interrupted', error: { code: 'step-failed' } });
  const stoppedAgain = await written(sites, ['report', again.report.run?.id ?? '']);
  expect(stoppedAgain).toContain('Steps are still left. The volumes were not touched. The step m after the operation');
  expect(stoppedAgain).not.toContain('are done');
  await sites.sitepair.must('commit', 'erp', '--confirm', 'erp');
  const report = await written(sites, ['report', stopped.report.run?.id ?? '']);
  expect(report).toMatch(/Recovery time [^,]*, from the confirmation until it stopped: production was moved/);
  expect(report).toMatch(lost);
  expect(report).toContain('The step m after the operation');
  await sites.sitepair.must('reprotect', 'erp', '--confirm', 'erp');
  await sites.sitepair.must('failback', 'erp', '--confirm', 'erp');
  const history = await written(sites, ['history', 'erp']);
  expect(history).toContain('Production was moved 2 times;');
  expect(history).toContain(' to recover, with steps left undone. Lost: ');
});

test('one that stopped at a step before it, while cycles went on, is counted from its confirmation', async (context) => {
  const sites = await PlannedSites.protected(
    context,
    (one) => `steps:
  - {id: m, before: failover, run: 'test -e ${one.path('mended')}'}
`,
  );
  const stopped = await sites.sitepair.run(...failover);
  const unmoved = await written(sites, ['report', stopped.report.run?.id ?? '']);
  expect(unmoved, 'nothing was moved').not.toContain('Recovery time');
  await sites.sitepair.must('sync', 'erp');
  writeFileSync(sites.path('mended'), '');
  const { run: resumed } = await sites.sitepair.must('resume', 'erp');
  const report = await written(sites, ['report', resumed?.id ?? '']);
  expect(report).toContain('Reason fire in Hall A ');
  expect(report).toContain('from the confirmation to the end of the last step');
  expect(await written(sites, ['history', 'erp'])).toContain('Production was moved once;');
});

test('the report of what was gone on with has what every attempt did, and what was known as it was confirmed', async (context) => {
  const sites = await PlannedSites.protected(
    context,
    (one) => `steps:
  - {id: said, before: failover, run: 'echo told the hospital'}
  - {id: cut, before: failover, manual: Withdraw the exports}
  - {id: m, after: failover, run: 'test -e ${one.path('mended')}'}
`,
  );
  expect((await sites.sitepair.run(...failover)).exitCode).toBe(5);
  const withdrawn = ['resume', 'erp', '--done-step', 'cut', '--note', 'by Jo, at the switch'];
  expect((await sites.sitepair.run(...withdrawn)).report.run?.outcome).toBe('interrupted');
  writeFileSync(sites.path('mended'), '');
  const { run: resumed } = await sites.sitepair.must('resume', 'erp');
  const report = await written(sites, ['report', resumed?.id ?? '']);
  expect(report).toMatch(/Production before at [^(]* \(protected\) Production after at [^(]* \(failed-over\)/);
  const plan = report.slice(report.indexOf('Steps of the recovery plan'), report.indexOf('Figures'));
  expect(plan).toMatch(/said command done . told the hospital .* cut manual .* m command failed .* m command done/);
  expect(plan).toContain('tester: by Jo, at the switch');
  const confirmed = report.slice(report.indexOf('What was checked as it was confirmed'));
  expect(confirmed).toMatch(
    /^What was checked as it was confirmed .* replica-intact .* What was checked .* phase-allows/,
  );
});

test('what a step prints stands under it, as wide as the page; of much there is how it began and ended', async (context) => {
  skipUnless(context, { commands: ['chromium', 'pdftotext'] });
  const sites = await PlannedSites.protected(
    context,
    (one) => `steps:
  - {id: short, after: failover, run: 'echo ${'wide '.repeat(14)}end'}
  - {id: much, after: failover, run: 'seq -f "line %g of what ${one.name} prints" 1 3000'}
  - {id: many, after: failover, run: 'seq -f "%g in short" 1 3000'}
`,
  );
  const { run: ended } = await sites.sitepair.must(...failover);
  const id = ended?.id ?? '';
  const print = chromiumPrinter('/usr/bin/chromium');
  const { home } = sites.sitepair;
  const application = await createApplication({ home, operator: 'mira', clientName: 'test', print });
  context.onTestFinished(() => application.close());
  const file = sites.path('report.pdf');
  await application.invoke('evidence.write', { of: { kind: 'run', id }, file });
  const text = run('pdftotext', '-layout', file, '-');
  expect(text, 'on one line').toMatch(/(wide ){14}end$/m);
  for (const said of [
    'line 1 of',
    'line 3000 of',
    ' 1 in short',
    '3000 in short',
    'left out here',
    'sitepair runs show',
  ]) {
    expect(text.replaceAll(/\s+/g, ' ')).toContain(said);
  }
  expect(text).not.toMatch(/line 1500 of|1500 in short/);
  expect(text.split('\f').length - 1, 'pages').toBeLessThan(12);
});
