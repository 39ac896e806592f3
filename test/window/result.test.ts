/** The last step of a wizard: each way that a run can end. */
import { expect, test } from 'vitest';
import { outcomeSchema, type OperationResult } from '../../src-main/contract/runs.ts';
import { outcomeWords } from '../../src-main/contract/wording.ts';
import { sampleCheck, sampleResult, sampleRun } from '../hosts/cli/sample-reports.ts';
import { Gallery } from './gallery-window.ts';

const gallery = Gallery.ofThisFile();

async function show(result: OperationResult): Promise<void> {
  await gallery.show('wizards/steps/ResultStep', { title: 'Sync', result });
}

for (const outcome of outcomeSchema.options) {
  test(`a run that ${outcome}`, async () => {
    await show(sampleResult({ run: sampleRun({ outcome }), next: ['Go on with: sitepair resume erp-db'] }));
    await gallery.page.getByRole('heading', { level: 1, name: `Sync ${outcomeWords[outcome]}` }).waitFor();
    await gallery.sees('10.0 GiB compared, 300 MiB differing, 299 MiB written, 512 MiB skipped as holes');
    const next = gallery.page.getByRole('region', { name: 'What to do now' });
    expect(await next.getByRole('link').getAttribute('href')).toBe('#/do/resume/erp-db');
    const all = gallery.page.getByRole('link', { name: 'All of this run' });
    expect(await all.getAttribute('href')).toBe(`#/runs/${sampleRun().id}`);
    await gallery.expectAccessible();
  });
}

test('what was moved nothing of is not said, what it came to is; and how often volumes were gone through', async () => {
  const nothing = { bytesCompared: 0, bytesDiffering: 0, bytesWritten: 0, bytesSkipped: 0, seconds: 3 };
  const report = { result: 'Production is at Hall B.', next: [], warnings: [], mismatches: [], mismatchesInAll: 0 };
  await show(sampleResult({ run: sampleRun({ ...nothing, report }) }));
  await gallery.sees('Production is at Hall B.');
  expect(await gallery.page.locator('.status').innerText()).toBe('After 3 s');
  await show(sampleResult({ run: sampleRun({ ...nothing, bytesCompared: 20 * 2 ** 30, bytesSkipped: 2 ** 30 }) }));
  await gallery.sees('After 3 s: 20.0 GiB compared, 1.0 GiB skipped as holes; the volumes were gone through 2 times');
});

test('a run that was given up and came to its end after all says so', async () => {
  const run = sampleRun({ outcome: 'cancelled' });
  gallery.application.answer('operations.result', () => sampleResult({ run: { ...run, outcome: 'succeeded' } }));
  await show(sampleResult({ run }));
  await gallery.page.getByRole('heading', { name: 'Sync was stopped' }).waitFor();
  gallery.application.push('run.ended', { runId: 'another' });
  gallery.application.push('run.ended', { runId: run.id });
  await gallery.page.getByRole('heading', { name: 'Sync is done after all' }).waitFor();
  await gallery.page.getByRole('status').getByText('It was given up').waitFor();
  await gallery.expectAccessible();
});

test('a run that failed says where and what to do', async () => {
  const error = {
    code: 'read-failed' as const,
    message: 'A part of /dev/vg0/db cannot be read.',
    where: '/dev/vg0/db, offset 4096, length 4096',
    remedy: 'Replace the disk.',
  };
  await show(sampleResult({ run: sampleRun({ outcome: 'failed', error }) }));
  const note = gallery.page.getByRole('alert');
  for (const said of [error.message, error.where, error.remedy]) await note.getByText(said).waitFor();
  expect(await gallery.page.getByRole('region', { name: 'What to do now' }).count()).toBe(0);
  await gallery.expectAccessible();
});

test('a run that was cancelled as it was asked to is no error, and what to do is said once', async () => {
  const remedy = 'Go on with: sitepair resume erp-db';
  const error = { code: 'cancelled' as const, message: 'The run was stopped by the operator.', remedy };
  await show(sampleResult({ run: sampleRun({ outcome: 'cancelled', error }), next: [remedy] }));
  await gallery.sees('The run was stopped by the operator.');
  expect(await gallery.page.getByRole('alert').count()).toBe(0);
  expect(await gallery.page.getByRole('link', { name: 'Resume erp-db' }).count()).toBe(1);
});

test('a blocked run shows what blocked it, once, and not what passed or was accepted', async () => {
  const checks = [
    sampleCheck(),
    sampleCheck({ id: 'privileges', title: 'Rights', status: 'pass', blocks: false }),
    sampleCheck({ id: 'stores-apart', title: 'Stores lie apart', status: 'warn', blocks: false }),
    sampleCheck({ id: 'production-stopped', title: 'Production rests', status: 'unknown', accepted: true }),
  ];
  const error = { code: 'blocked' as const, message: '1 check does not hold; nothing was changed.', remedy: 'See it.' };
  await show(sampleResult({ run: sampleRun({ outcome: 'blocked', error }), checks }));
  await gallery.sees(/space for undo/i);
  const text = await gallery.text();
  for (const other of ['Rights', 'lie apart', 'rests', '1 check does not hold']) expect(text).not.toContain(other);
  expect(await gallery.page.getByRole('checkbox').count()).toBe(0);
  await gallery.expectAccessible();
});

test('warnings of a run that succeeded are said one by one', async () => {
  await show(sampleResult({ warnings: ['The other site could not be told.', 'A command took 3 min.'] }));
  for (const warning of ['The other site could not be told.', 'A command took 3 min.']) await gallery.sees(warning);
  expect(await gallery.page.locator('.status.warn').count()).toBe(2);
  await gallery.expectAccessible();
});

test('ranges that differ are named, and those that nobody can judge', async () => {
  const mismatches = [
    { pairId: 'p1', offset: 4096, length: 8192 },
    { pairId: 'p2', offset: 0, length: 512, unverifiable: true as const },
  ];
  await show(sampleResult({ mismatches }));
  const ranges = gallery.page.getByRole('region', { name: 'Ranges that differ' });
  expect(await ranges.getByRole('listitem').allInnerTexts()).toEqual([
    'p1: 8.0 KiB at byte 4096',
    'p2: 512 B at byte 0 cannot be verified: no digest of it is known',
  ]);
  await gallery.expectAccessible();
});

test('of very many ranges the first are shown, and how many there are', async () => {
  const mismatches = Array.from({ length: 5000 }, (_, n) => ({ pairId: 'p1', offset: n * 8192, length: 4096 }));
  await show(sampleResult({ mismatches }));
  await gallery.sees('the first 100 of 5000');
  expect(await gallery.page.getByRole('listitem').count()).toBe(100);
});

test('a verify that found what differs did what it was to do; its advice and its ranges are said once', async () => {
  const remedy = 'Mend it from the source: sitepair verify erp-db --repair';
  const message = 'The replica differs from its point in 1.0 MiB.';
  const error = { code: 'verify-mismatch' as const, message, where: '/b/one.img, 1.0 MiB from byte 4096', remedy };
  const run = sampleRun({ operation: 'verify', outcome: 'failed', seconds: 0.2, error });
  const result = sampleResult({ run, next: [remedy], mismatches: [{ pairId: 'p1', offset: 4096, length: 1 << 20 }] });
  await gallery.show('wizards/steps/ResultStep', { title: 'Verify', result });
  await gallery.page.getByRole('heading', { level: 1, name: 'Verify found what differs' }).waitFor();
  expect((await gallery.text()).split('Mend it from the source').length).toBe(2);
  expect(await gallery.text()).not.toContain('/b/one.img');
  await gallery.sees('In under 1 s: ');
  await gallery.expectAccessible();
});
