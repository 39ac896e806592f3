/** What the application says of itself when something is odd: enough for who helps, nothing of what volumes hold. */
import { rmSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { createApplication } from '../../src-main/app.ts';
import { diagnosticText } from '../../src-main/app/diagnostics.ts';
import { TwoSites, write } from '../support/two-sites.ts';

test('it tells versions, groups and how runs ended, and no path of a volume', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  write(sites.target(), 100, 10);
  expect((await sites.sitepair.run('verify', 'erp')).exitCode).toBe(1);
  const application = await createApplication({ home: sites.sitepair.home, operator: 'mira', clientName: 'test' });
  sites.scratch.later(() => application.close());
  const { text } = await application.invoke('machine.diagnostics', {});
  const { version } = await application.invoke('machine.about', {});
  expect(text).toContain(`Sitepair ${version}, `);
  expect(text).toContain(`Node ${process.versions.node}`);
  expect(text).toMatch(new RegExp(`Catalog: ${sites.sitepair.home}, schema [1-9]`));
  expect(text).toMatch(
    / {2}erp: protected, production at primary site, .*, 2 pairs, 1 point, store A read, store B read/,
  );
  const runs = text.split('\n').filter((line) => line.includes(', run '));
  expect(runs[0]).toMatch(/verify of erp: failed after \d+ s \(verify-mismatch\)/);
  expect(runs[1]).toMatch(/protect of erp: succeeded/);
  const paths = sites.pairs.flatMap(({ source, target }) => [source, target]);
  expect(paths.filter((path) => text.includes(path))).toEqual([]);

  rmSync(sites.recoveryStore, { recursive: true });
  expect((await application.invoke('machine.diagnostics', {})).text).toContain('store A read, store B unread');
});

test('a store that hangs keeps nothing else from being told', async (context) => {
  vi.useFakeTimers({ toFake: ['setTimeout'] });
  context.onTestFinished(() => {
    vi.useRealTimers();
  });
  const about = {
    hostName: 'dr-1',
    operator: 'mira',
    version: '1.2.3',
    home: '/srv/home',
    privileged: false,
    client: 'electron',
  };
  const told = diagnosticText({ about, schemaVersion: 3, groups: Promise.race<never>([]), runs: [], drill: null });
  await vi.advanceTimersByTimeAsync(10_000);
  expect(await told).toMatch(/Sitepair 1\.2\.3.*their stores did not answer within 10 s.*No runs/s);
});

test('why groups cannot be read is told in their place', async () => {
  const about = { hostName: '', operator: '', version: '', home: '', privileged: true, client: '' };
  const groups = Promise.reject(new Error('The catalog is damaged.'));
  const text = await diagnosticText({ about, schemaVersion: 3, groups, runs: [], drill: null });
  expect(text).toContain('The groups could not be read: The catalog is damaged.');
});
