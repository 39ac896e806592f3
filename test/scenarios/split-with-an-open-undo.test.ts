/**
 * A split while one side is half overwritten: whichever side is kept, the half-overwritten volumes are neither active
 * nor taken for whole, and can be brought back to what they held.
 */
import { randomUUID } from 'node:crypto';
import { expect, test, type TestContext } from 'vitest';
import type { SiteLetter } from '../../src-main/contract/phases.ts';
import type { Promotion, SiteRecord } from '../../src-main/store/record.ts';
import { editRecord } from '../support/edit-record.ts';
import { killed } from '../support/kills.ts';
import { confirmed, contents, groupIn, pointOf } from '../support/site-states.ts';
import { TwoSites, write } from '../support/two-sites.ts';

/** A record as it is after one promotion more, of which the other side has not heard. */
function promoted(record: SiteRecord, site: SiteLetter, why: Promotion['why']): Partial<SiteRecord> {
  const epoch = record.epoch + 1;
  const promotion = { epoch, id: randomUUID(), site, point: null, at: record.at, why };
  return { epoch, lineage: [...record.lineage, promotion], phaseSerial: record.phaseSerial + 1 };
}

/**
 * Production's version at the recovery site is half overwritten by an undo; then the primary site is promoted without
 * the recovery site, whose volumes another machine has taken over meanwhile.
 */
async function split(context: TestContext): Promise<{ sites: TwoSites; production: string[] }> {
  const sites = new TwoSites(context);
  await sites.protect();
  await confirmed(sites, ['failover']);
  write(sites.target(0), 50_000, 20_000);
  write(sites.target(1), 0, 70_000);
  const production = contents(sites, 'b');
  const place = { files: /\/b\/two\.img$/, nth: 2 };
  expect(await killed(sites, place, 'undo', 'erp', '--confirm', 'erp')).toBe(true);
  editRecord(sites.folder(sites.recoveryStore), (record) => promoted(record, 'B', 'take-over'));
  editRecord(sites.folder(sites.primaryStore), (record) => ({
    ...promoted(record, 'A', 'failover'),
    phase: 'failed-over',
    activeSite: 'A',
    replicaSite: 'B',
    undoingFrom: null,
    role: 'production',
  }));
  write(sites.source(0), 100_000, 10_000);
  return { sites, production };
}

async function keep(sites: TwoSites, store: string): Promise<void> {
  await sites.sitepair.must('group', 'adopt', store, '--group', 'erp', '--take-over', '--confirm', 'erp');
}

test('the whole side is kept: what the undo had overwritten is brought back before it is saved', async (context) => {
  const { sites, production } = await split(context);
  await keep(sites, sites.primaryStore);
  const group = await groupIn(sites, 'failed-over');
  expect(group.activeSite).toBe('primary');
  expect(group.points.map((point) => point.kind)).toEqual(['before-undo']);
  await sites.refused(3, /Hall B was cut off while it was being overwritten/, ['undo', 'erp', '--confirm', 'erp']);
  const kept = contents(sites, 'a');
  await confirmed(sites, ['commit'], ['reprotect']);
  expect(contents(sites, 'a')).toEqual(kept);
  sites.expectMirrored();
  await confirmed(sites, ['failover', '--point', pointOf(await groupIn(sites, 'protected'), 'before-reprotect')]);
  expect(contents(sites, 'b')).toEqual(production);
});

test('the whole side is kept, and dies: the other one is promoted with what the undo had overwritten', async (context) => {
  const { sites, production } = await split(context);
  await keep(sites, sites.primaryStore);
  await confirmed(sites, ['failover', '--point', pointOf(await groupIn(sites, 'failed-over'), 'before-undo')]);
  expect(contents(sites, 'b')).toEqual(production);
});

test('the half-overwritten side is kept: the undo can be taken back', async (context) => {
  const { sites, production } = await split(context);
  await keep(sites, sites.recoveryStore);
  expect((await groupIn(sites, 'undoing')).activeSite).toBe(null);
  await sites.sitepair.must('rollback', 'erp');
  expect((await groupIn(sites, 'failed-over')).activeSite).toBe('recovery');
  expect(contents(sites, 'b')).toEqual(production);
});

test('a side is kept that would make half-overwritten volumes active: refused, nothing is changed', async (context) => {
  const { sites } = await split(context);
  editRecord(sites.folder(sites.primaryStore), { phase: 'committed', activeSite: 'B', replicaSite: 'A' });
  const words = ['group', 'adopt', sites.primaryStore, '--group', 'erp', '--take-over', '--confirm', 'erp'];
  const { remedy } = await sites.refused(3, /Hall B.*half-way/, words);
  expect(remedy).toContain('other side');
});
