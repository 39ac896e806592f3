/** What was found in the copies of a test failover is in its report and in the group's history, once it is noted. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { Installation } from '../support/installation.ts';
import { TwoSites } from '../support/two-sites.ts';

test('the report of a test failover and the history say what was noted of it, or that nobody did', async (context) => {
  const sites = new TwoSites(context);
  const { sitepair } = sites;
  await sites.protect();
  const rehearse = async (dir: string): Promise<string> => {
    const { run } = await sitepair.must('test-failover', 'erp', '--dir', sites.path(dir));
    await sitepair.must('test-cleanup', 'erp');
    return run?.id ?? '';
  };
  let written = 0;
  const page = async (...words: string[]): Promise<string> => {
    written += 1;
    const file = sites.path(`page-${written}.html`);
    await sitepair.must(...words, '--out', file);
    return readFileSync(file, 'utf8').replaceAll(/\s+/g, ' ');
  };
  const first = await rehearse('first');
  const unnoted = 'Nobody has noted yet whether it passed.';
  for (const said of [await page('report', first), await page('history', 'erp')]) expect(said).toContain(unnoted);
  await sitepair.must('test-result', 'erp', 'failed', '--note', 'no <licence> there');
  const second = await rehearse('second');
  await sitepair.must('test-result', 'erp', 'passed', '--note', 'last order is there');
  const failed = /Noted as failed by tester at [^<]*: no &#60;licence&#62; there/;
  const passed = /Noted as passed by tester at [^<]*: last order is there/;
  expect(await page('report', first)).toMatch(failed);
  expect(await page('report', first)).toMatch(/test failover noted/);
  expect(await page('report', second)).toMatch(passed);
  expect(await page('report', second)).not.toMatch(failed);
  const history = await page('history', 'erp');
  for (const said of [failed, passed]) expect(history).toMatch(said);
  expect(history).not.toContain(unnoted);

  // The stores have it too: another machine that brings the group back knows it.
  const other = new Installation(sites.path('other'));
  await other.must('group', 'adopt', sites.recoveryStore, '--take-over', '--confirm', 'erp');
  const { run } = await other.must('runs', 'show', second);
  expect(run?.tested).toMatchObject({ result: 'passed', note: 'last order is there', operator: 'tester' });
});
