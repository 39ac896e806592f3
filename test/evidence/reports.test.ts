/** Reports as files: what they say of a real failover, in a browser's eyes and in a PDF reader's. */
import { blake3 } from '@napi-rs/blake-hash';
import { readFileSync, statSync } from 'node:fs';
import { chromium, type Page } from 'playwright-core';
import { expect, test, type TestContext } from 'vitest';
import { createApplication } from '../../src-main/app.ts';
import type { Application } from '../../src-main/contract/contract.ts';
import { chromiumPrinter } from '../../src-main/hosts/chromium-printer.ts';
import { skipUnless } from '../needs.ts';
import { TwoSites, write } from '../support/two-sites.ts';
import { run } from '../volumes/scratch.ts';

const reason = 'Fire in <b>Hall A</b> & "smoke"';
const chunk = 16 << 10;

/** A file in a browser, as text only: what it would load is told. */
async function opened(test: TestContext, file: string): Promise<{ page: Page; asked: string[] }> {
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', chromiumSandbox: false });
  test.onTestFinished(() => browser.close());
  const page = await browser.newPage();
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await page.goto(`file://${file}`);
  return { page, asked };
}

async function failedOver(context: TestContext): Promise<{ sites: TwoSites; application: Application; id: string }> {
  const sites = new TwoSites(context);
  await sites.protect();
  write(sites.source(), 1000, 50_000);
  await sites.sitepair.must('sync', 'erp');
  const { run: ended } = await sites.sitepair.must('failover', 'erp', '--confirm', 'erp', '--reason', reason);
  const print = chromiumPrinter('/usr/bin/chromium');
  const application = await createApplication({
    home: sites.sitepair.home,
    operator: 'mira',
    clientName: 'test',
    print,
  });
  context.onTestFinished(() => application.close());
  return { sites, application, id: ended?.id ?? '' };
}

/** BLAKE3 over each chunk that holds data: its number and the BLAKE3 of its content. */
function contentDigest(volume: string): string {
  const content = readFileSync(volume);
  const entries: Buffer[] = [];
  for (let at = 0; at < content.length; at += chunk) {
    const data = content.subarray(at, at + chunk);
    if (data.every((byte) => byte === 0)) continue;
    const number = Buffer.alloc(8);
    number.writeBigUInt64LE(BigInt(at / chunk));
    entries.push(number, blake3(data));
  }
  return blake3(Buffer.concat(entries)).toString('hex');
}

test('the report of a failover says what, who, why, what was checked, what was lost, and stands alone', async (context) => {
  skipUnless(context, { commands: ['chromium'] });
  const { sites, application, id } = await failedOver(context);
  const digests = sites.pairs.map(({ target }) => contentDigest(target));
  const file = sites.path('report.html');
  const written = await application.invoke('evidence.write', { of: { kind: 'run', id }, file });
  expect(written).toEqual({ file, sizeBytes: statSync(file).size });
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const { page, asked } = await opened(context, file);
  expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Failover of erp: succeeded');
  const fact = (name: string): Promise<string | null> =>
    page
      .locator('dt', { hasText: new RegExp(`^${name}$`) })
      .locator('xpath=following-sibling::dd[1]')
      .textContent();
  expect(await fact('Reason')).toBe(reason);
  expect(await fact('Confirmed')).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d\d:\d\d by tester$/);
  expect(await fact('Production before')).toBe('at Hall A (protected)');
  expect(await fact('Production after')).toBe('at Hall B (failed-over)');
  expect(await fact('Recovery time')).toMatch(/ s, from the confirmation to the end of the last step/);
  expect(await fact('Data loss')).toMatch(
    /the moment of point 1\.2, .*: at most [\d.]+ s, counted to the confirmation\.$/,
  );
  const text = (await page.locator('body').textContent()) ?? '';
  for (const digest of digests) expect(text).toContain(digest);
  for (const path of sites.pairs.flatMap(({ source, target }) => [source, target])) expect(text).toContain(path);
  expect(await page.getByRole('row', { name: /replica-intact/ }).count()).toBe(1);
  const { entries } = await application.invoke('audit.list', { limit: 50 });
  const ofRun = entries.filter(({ runId }) => runId === id);
  expect(ofRun).toHaveLength(2);
  for (const told of ofRun.flatMap(({ hash, detail }) => [hash, detail])) expect(text).toContain(told);
  expect(await page.locator('b').count()).toBe(0);
  expect(asked).toEqual([`file://${file}`]);
});

test('the same as PDF, the runbook and the history', async (context) => {
  skipUnless(context, { commands: ['chromium', 'pdftotext'] });
  const { sites, application, id } = await failedOver(context);
  const textOf = async (of: Parameters<typeof application.invoke<'evidence.write'>>[1]['of']): Promise<string> => {
    const file = sites.path(`${of.kind}.pdf`);
    await application.invoke('evidence.write', { of, file });
    return run('pdftotext', '-layout', file, '-').replaceAll(/\s+/g, ' ');
  };
  const report = await textOf({ kind: 'run', id });
  for (const said of ['Failover of erp: succeeded', reason]) expect(report).toContain(said);
  expect(await textOf({ kind: 'runbook', group: 'erp' })).toContain('sitepair failover erp --confirm erp');
  const history = await textOf({ kind: 'history', group: 'erp' });
  for (const said of ['Production was moved once', 'to recover', 'tester: Fire']) expect(history).toContain(said);
});

test('nothing is overwritten, and a file that cannot be is said', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  const { runs } = await sites.sitepair.must('runs', 'erp', '--last', '1');
  const id = runs?.[0]?.id ?? '';
  const refused = async (file: string, says: RegExp): Promise<void> => {
    const { exitCode, report } = await sites.sitepair.run('report', id, '--out', file);
    expect(exitCode).toBe(2);
    expect(report.error?.message).toMatch(says);
  };
  const before = readFileSync(sites.source());
  const held = sites.path('held.html');
  await sites.sitepair.must('report', id, '--out', held);
  const first = readFileSync(held);
  await refused(held, /there is something of that name/);
  expect(readFileSync(held).equals(first)).toBe(true);
  await refused(sites.source(), /says by its ending neither HTML nor PDF/);
  await refused(sites.path('none/report.html'), /ENOENT/);
  await refused(sites.path('report.pdf'), /Nothing here can make a PDF/);
  expect(readFileSync(sites.source()).equals(before)).toBe(true);
  expect((await sites.sitepair.run('report', 'none', '--out', sites.path('x.html'))).exitCode).toBe(2);
});
