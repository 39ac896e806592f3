import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { expectCheck } from '../../support/checking.ts';
import { editRecord } from '../../support/edit-record.ts';
import { confirmed, groupIn, pointOf } from '../../support/site-states.ts';
import { TwoSites, write } from '../../support/two-sites.ts';

const id = 'replica-intact';

test('a replica that is its point passes; one that others wrote to fails, and its remedy mends it', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  const intact = /^Nothing differs at Hall B, by all 83 chunks\.$/;
  for (const operation of ['failover', 'planned-failover'] as const) {
    await expectCheck(sites, operation, id, { status: 'pass', found: intact });
  }
  write(sites.target(), 150_000, 3);
  const differs =
    /^1 chunk of Hall B differs from the point \(\S+\/b\/one\.img bytes 147456-163840, by all 83 chunks\): somebody wrote to the replica, or its disk is damaged\.$/;
  const unplanned = await expectCheck(sites, 'failover', id, { status: 'fail', found: differs, blocks: true });
  expect(unplanned.acceptable).toBe(true);
  const remedy =
    /^Where another volume has got that path, .* Else find out what wrote there; then mend it from the source: sitepair verify erp --repair$/;
  const planned = await expectCheck(sites, 'planned-failover', id, {
    status: 'fail',
    found: differs,
    remedy,
    blocks: true,
  });
  expect(planned.acceptable).toBe(false);
  for (const said of [unplanned.remedy, planned.remedy]) expect(said).toMatch(/sitepair verify erp --repair$/);
  await sites.sitepair.must('verify', sites.name, '--repair');
  await expectCheck(sites, 'failover', id, { status: 'pass', found: intact });
});

test('a write that a sample cannot tell is a warning', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  writeFileSync(sites.target(), readFileSync(sites.target()));
  await expectCheck(sites, 'failover', id, {
    status: 'warn',
    found: /^Somebody has written to \/.*\/b\/one\.img since the point, though nothing differs by all 83 chunks\.$/,
    remedy: /^Be sure with: sitepair verify erp$/,
    blocks: false,
  });
});

test('a point that rests on damage fails, and another is to be chosen or it is accepted', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  editRecord(sites.folder(sites.recoveryStore), (record) => ({
    points: record.points.map((point) => ({ ...point, state: 'damaged' })),
  }));
  const check = await expectCheck(sites, 'failover', id, {
    status: 'fail',
    found: /^The chosen point rests on ranges that were found damaged\.$/,
    remedy: /^Choose another one \(sitepair points erp\), or accept it\.$/,
    blocks: true,
  });
  expect(check.acceptable).toBe(true);
});

test('a replica in doubt fails until it was verified', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  editRecord(sites.folder(sites.recoveryStore), { doubtful: true });
  await expectCheck(sites, 'failover', id, {
    status: 'fail',
    found:
      /^Ranges of the replica were found to differ or could not be read, the path of a volume was changed, or the end of a journal was torn, and it was neither verified nor mended since\.$/,
    remedy: /^Run: sitepair verify erp --repair$/,
  });
  await sites.sitepair.must('verify', sites.name);
  await expectCheck(sites, 'failover', id, { status: 'pass', found: /^Nothing differs/ });
});

test('a point that is not there fails, with where the points are listed', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  const unknown = { status: 'fail', found: /has no point 7\.7/, remedy: /sitepair points erp$/, blocks: true } as const;
  await expectCheck(sites, 'failover', id, unknown, { point: '7.7' });
});

test('without its store, or without a digest map, nothing can be said', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  const folder = sites.folder(sites.recoveryStore);
  for (const name of readdirSync(folder)) if (name.startsWith('map')) rmSync(join(folder, name));
  await expectCheck(sites, 'failover', id, {
    status: 'unknown',
    found: /^There is no digest map to hold it against\.$/,
    remedy: /sitepair sync erp$/,
    blocks: false,
  });
  renameSync(sites.recoveryStore, sites.path('b/elsewhere'));
  await expectCheck(sites, 'planned-failover', id, {
    status: 'unknown',
    found: /^Its store cannot be read\.$/,
    remedy: /^Mount the file system of the store\.$/,
    blocks: true,
  });
});

test('an old side that was written since a planned failover is promoted with a warning', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  await confirmed(sites, ['failover', '--planned']);
  const point = pointOf(await groupIn(sites, 'failed-over'), 'as-left');
  const left = { status: 'pass', found: /^What Hall A holds is promoted as it is/ } as const;
  await expectCheck(sites, 'failover', id, left, { point });
  write(sites.source(), 0, 1);
  await expectCheck(
    sites,
    'failover',
    id,
    {
      status: 'warn',
      found: /^Somebody has written to \/.*\/a\/one\.img since Hall A lost its role; what it holds now is promoted\.$/,
      remedy: /^Find out what wrote there/,
      blocks: false,
    },
    { point },
  );
});

test("a failover does not wait for the group's limit in its checks", async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  // The first volume alone would take 18 s.
  await sites.sitepair.must('group', 'set', sites.name, '--limit', '16K/s');
  const { run } = await sites.sitepair.must('failover', sites.name, '--confirm', sites.name);
  const checking = run?.steps.find((step) => step.title === 'Checking');
  expect(checking?.seconds).toBeLessThan(9);
});
