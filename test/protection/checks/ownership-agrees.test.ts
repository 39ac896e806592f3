import { cpSync, renameSync, rmSync } from 'node:fs';
import { expect, test } from 'vitest';
import { checkIds } from '../../../src-main/contract/checks.ts';
import { operations } from '../../../src-main/contract/phases.ts';
import type { SiteRecord } from '../../../src-main/store/record.ts';
import { checksOf, expectCheck } from '../../support/checking.ts';
import { editRecord } from '../../support/edit-record.ts';
import { TwoSites } from '../../support/two-sites.ts';

const id = 'ownership-agrees';

/** What a record says of a promotion that the other side knows nothing of. */
function promotedUnseen(record: SiteRecord): Partial<SiteRecord> {
  const epoch = record.epoch + 1;
  const promotion = {
    epoch,
    id: `of ${record.site}`,
    site: record.site,
    point: null,
    at: '',
    why: 'failover',
  } as const;
  return { epoch, lineage: [...record.lineage, promotion], activeSite: record.site };
}

test('records that agree pass, in every operation that has the check', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  for (const operation of ['sync', 'verify', 'failover', 'planned-failover'] as const) {
    await expectCheck(sites, operation, id, { status: 'pass', found: /^Both records agree on epoch 1\.$/ });
  }
});

test('a side that has not heard of a promotion is fenced, and passes', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  renameSync(sites.path('a'), sites.path('a is lost'));
  await sites.sitepair.must('failover', sites.name, '--confirm', sites.name);
  renameSync(sites.path('a is lost'), sites.path('a'));
  await expectCheck(sites, 'commit', id, {
    status: 'pass',
    found: /^The store of Hall A has not heard of epoch 2 yet; its side is fenced and will be told\.$/,
  });
});

test('one record alone is a warning for a failover, and blocks what reads the other side', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  renameSync(sites.primaryStore, sites.path('a/elsewhere'));
  const alone = /^Only the record at Hall B can be used: what Hall A did since is not known\.$/;
  const remedy = /^Bring the store of Hall A back where that is possible\.$/;
  await expectCheck(sites, 'failover', id, { status: 'warn', found: alone, remedy, blocks: false });
  await expectCheck(sites, 'sync', id, { status: 'fail', found: alone, remedy, blocks: true });
});

test('the store beside the volumes that are written must be read', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  renameSync(sites.recoveryStore, sites.path('b/elsewhere'));
  await expectCheck(sites, 'failover', id, {
    status: 'fail',
    found: /^The store beside the volumes to be written cannot be read: There is no folder \/.*\/b\/store\/erp/,
    remedy: /^Mount the file system of that store\.$/,
    blocks: true,
  });
});

test('with neither store nothing starts', async (context) => {
  const sites = new TwoSites(context);
  await sites.sitepair.must(...sites.creation());
  for (const store of [sites.primaryStore, sites.recoveryStore]) renameSync(store, `${store} elsewhere`);
  const none = /^Not now: neither store can be used, so nothing is known of the group\.$/;
  await expectCheck(sites, 'protect', 'phase-allows', { status: 'fail', found: none, remedy: /^Mount/, blocks: true });
});

test('a store that was put back from an old copy is not believed', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  cpSync(sites.recoveryStore, sites.path('b/copy'), { recursive: true });
  await sites.sitepair.must('sync', sites.name);
  rmSync(sites.recoveryStore, { recursive: true });
  renameSync(sites.path('b/copy'), sites.recoveryStore);
  const old = /^The store of Hall B cannot be used\. It is an older copy than the one that was last used here; /;
  await expectCheck(sites, 'sync', id, {
    status: 'fail',
    found: old,
    remedy:
      /^Put the present store back; if it is lost, begin anew with: sitepair protect erp --overwrite --confirm erp$/,
    blocks: true,
  });
  await expectCheck(sites, 'failover', id, { status: 'fail', found: old, blocks: true });
  await expectCheck(sites, 'protect', id, { status: 'warn', found: /starts anew; its points end\.$/ });
});

test('volumes that belong to another machine are left to it', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  editRecord(sites.folder(sites.recoveryStore), { machine: { id: 'f'.repeat(32), name: 'hall-b-server' } });
  const { remedy } = await expectCheck(sites, 'sync', id, {
    status: 'fail',
    found: /^The volumes of Hall B belong to the machine hall-b-server; this is \S+\.$/,
    remedy: /^Run it there, or take over: sitepair group adopt \/.*\/b\/store --group erp --take-over --confirm erp$/,
    blocks: true,
  });
  await sites.sitepair.must(...(/sitepair (.*)$/.exec(remedy)?.[1] ?? '').split(' '));
  await expectCheck(sites, 'sync', id, { status: 'pass', found: /^Both records agree on epoch 2\.$/ });
});

test('two sides that were promoted without knowing of each other are split, whatever is accepted', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  for (const store of [sites.primaryStore, sites.recoveryStore]) editRecord(sites.folder(store), promotedUnseen);
  // A comparison writes nothing and is what tells which side to keep; a clean-up takes away copies, whoever governs.
  for (const operation of operations.filter((one) => one !== 'compare' && one !== 'test-cleanup')) {
    const { checks, verdict } = await checksOf(sites, operation, { accept: [...checkIds] });
    expect([operation, verdict]).toEqual([operation, 'blocked']);
    const blocking = checks.filter((check) => check.blocks);
    expect(blocking.map((check) => check.accepted)).toEqual([false]);
    expect(blocking[0]?.found).toContain('both sides were promoted without knowing of each other (split)');
    expect(blocking[0]?.remedy).toMatch(
      /^Choose the side to keep: sitepair group adopt STORE_DIR --group erp --take-over --confirm erp, /,
    );
  }
  await sites.refused(3, /promoted without knowing/, ['sync', sites.name, '--accept', id]);
});
