import { renameSync } from 'node:fs';
import { expect, test } from 'vitest';
import { checksOf, expectCheck } from '../../support/checking.ts';
import { editRecord } from '../../support/edit-record.ts';
import { confirmed, pointOf } from '../../support/site-states.ts';
import { TwoSites, write } from '../../support/two-sites.ts';

const id = 'point-age';

/** Dates the points of the replica so many seconds back. */
function datePoints(sites: TwoSites, secondsAgo: number): void {
  const at = new Date(Date.now() - secondsAgo * 1000).toISOString();
  editRecord(sites.folder(sites.recoveryStore), (record) => ({
    points: record.points.map((point) => ({ ...point, at })),
  }));
}

test('a point within the target passes, an older one is a warning and is said beforehand', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  const recent = /^Point 1\.1 is \d+ s old, from \S+Z \(target 15 min\)\.$/;
  await expectCheck(sites, 'failover', id, { status: 'pass', found: recent });
  datePoints(sites, 7300);
  await expectCheck(sites, 'failover', id, {
    status: 'warn',
    found: /^Point 1\.1 is 2 h 1 min old, from \S+Z \(target 15 min\)\.$/,
    remedy: /^Run a cycle first if the source still answers\.$/,
    blocks: false,
  });
  const { consequences } = await checksOf(sites, 'failover');
  expect(consequences.join(' ')).toMatch(
    /What production wrote in the 2 h 1 min since 20.* \(point 1\.1, crash-consistent\) is not in/,
  );
});

test('a point dated in the future leaves its age unknown', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  datePoints(sites, -3600);
  await expectCheck(sites, 'failover', id, {
    status: 'unknown',
    found: /^Point 1\.1 is dated in the future; a clock was set back\.$/,
    remedy: /^Look at the clocks; points are ordered by their numbers, never by time\.$/,
    blocks: false,
  });
});

test('without a store, or a point to choose, it is unknown', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  const unknown = { status: 'unknown', found: /has no point 9\.9/, remedy: /sitepair points erp$/ } as const;
  await expectCheck(sites, 'failover', id, unknown, { point: '9.9' });
  renameSync(sites.recoveryStore, sites.path('b/elsewhere'));
  await expectCheck(sites, 'failover', id, {
    status: 'unknown',
    found: /^The store cannot be read\.$/,
    remedy: /^Mount/,
  });
});

test('a point from before a reprotect is as old as what was written elsewhere since, not as itself', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  await confirmed(sites, ['failover']);
  const { points: left } = await sites.sitepair.group(sites.name);
  const lost = left.find(({ kind }) => kind === 'as-left')?.at ?? '';
  await confirmed(sites, ['commit']);
  write(sites.target(), 0, 1000);
  await confirmed(sites, ['reprotect']);
  const group = await sites.sitepair.group(sites.name);
  const point = pointOf(group, 'before-reprotect');
  const said = new RegExp(
    `^What was written elsewhere since Hall A lost its role, in the \\d+ s since ${lost}, is lost`,
  );
  await expectCheck(
    sites,
    'failover',
    id,
    { status: 'warn', found: said, remedy: /^Name a point of a cycle/ },
    { point },
  );
  const { consequences } = await checksOf(sites, 'failover', { point });
  expect(consequences[0]).toMatch(said);
  expect(group.points.find((one) => one.id === point)?.roleLostAt).toBe(lost);
});

test('an old side as it was left is what its volumes hold', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  await sites.sitepair.must('failover', sites.name, '--confirm', sites.name);
  await sites.sitepair.must('commit', sites.name, '--confirm', sites.name);
  const { points } = await sites.sitepair.group(sites.name);
  const point = points.find((one) => one.kind === 'as-left')?.id ?? '';
  const holds = { status: 'pass', found: /^Point 2\.0 is what the volumes hold\.$/ } as const;
  await expectCheck(sites, 'failover', id, holds, { point });
});
