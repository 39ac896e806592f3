import { cpSync, rmSync } from 'node:fs';
import { expect, test } from 'vitest';
import { digestOf } from '../support/fingerprint.ts';
import { sweepTimeout } from '../support/kill-sweep.ts';
import { Checkpoint, killed } from '../support/kills.ts';
import { TwoSites, write } from '../support/two-sites.ts';

/** A cycle that is killed by its own hook, so that it stays open. */
async function interrupt(sites: TwoSites): Promise<void> {
  await sites.sitepair.must('group', 'set', sites.name, '--before-cycle', 'kill -9 $PPID');
  expect((await sites.sitepair.start('sync', sites.name).ended).exitCode).toBeNull();
  expect((await sites.sitepair.group(sites.name)).phase).toBe('interrupted');
  await sites.sitepair.must('group', 'set', sites.name, '--before-cycle', 'true');
}

test('the replica gets a new store, and protect --overwrite moves only what differs', async (context) => {
  const sites = new TwoSites(context);
  const { sitepair, name } = sites;
  await sites.protect();
  rmSync(sites.recoveryStore, { recursive: true });
  write(sites.source(), 100_000, 5000);
  const old = digestOf(sites.target());

  for (const words of [
    ['sync', name],
    ['failover', name, '--confirm', name],
    ['verify', name],
  ]) {
    const error = await sites.refused(3, /b\/store\/erp/, words);
    expect(error.remedy).toContain('group set');
  }
  const lost = await sitepair.group(name);
  expect(lost.health.reasons.join()).toContain('Hall B');
  expect(lost.stores.map((store) => store.state)).toEqual(['read', 'unread']);

  const anew = sites.path('b/new-store');
  // It may only be not mounted: what a new store ends is said first.
  const unconfirmed = ['group', 'set', name, '--recovery-store', anew];
  await sites.refused(2, /cannot be used .* ends what it holds: the points of Hall B/, unconfirmed);
  await sites.refused(2, /"epr" is not the name/, [...unconfirmed, '--confirm', 'epr']);
  await sites.refused(2, /"epr" is not the name/, ['group', 'set', name, '--keep-points', '3', '--confirm', 'epr']);
  await sitepair.must('group', 'set', name, '--confirm', name, '--recovery-store', anew);
  const { phase, epoch } = await sitepair.group(name);
  expect(phase).toBe('unprotected');
  const refused = await sites.refused(3, /b\/one\.img.*first at byte/, ['protect', name]);
  expect(refused.remedy).toContain(`sitepair protect ${name} --overwrite --confirm ${name}`);
  await sites.refused(2, /confirmed.*saved as the point before-protect/, ['protect', name, '--overwrite']);

  const { run } = await sitepair.must('protect', name, '--overwrite', '--confirm', name);
  sites.expectMirrored();
  expect(run?.bytesDiffering).toBe(16384);
  expect(run?.bytesWritten).toBeGreaterThanOrEqual(5000);
  expect(run?.bytesWritten).toBeLessThanOrEqual(16384);
  const { points } = await sitepair.group(name);
  expect(points.map((point) => point.kind)).toEqual(['before-protect', 'cycle']);
  // Ids of points that the lost store had are not given out again.
  expect(points.map((point) => Number(point.id.split('.')[0]))).toEqual([epoch, epoch]);
  expect(epoch).toBe(2);

  await sitepair.must('failover', name, '--point', points[0]?.id ?? '', '--confirm', name);
  expect(digestOf(sites.target())).toBe(old);
});

test('a store that is lost while a cycle is open', async (context) => {
  const sites = new TwoSites(context);
  const { sitepair, name } = sites;
  await sites.protect();
  write(sites.source(), 0, 100_000);
  await interrupt(sites);
  rmSync(sites.recoveryStore, { recursive: true });
  for (const words of [
    ['resume', name],
    ['rollback', name],
  ]) {
    expect((await sites.refused(3, /b\/store\/erp/, words)).remedy).toContain('group set');
  }
  await sitepair.must('group', 'set', name, '--confirm', name, '--recovery-store', sites.path('b/new-store'));
  await sitepair.must('protect', name, '--overwrite', '--confirm', name);
  sites.expectMirrored();
});

test('a store that is lost while the replica is seeded', async (context) => {
  const sites = new TwoSites(context);
  const { sitepair, name } = sites;
  await sitepair.must(...sites.creation('--before-cycle', 'kill -9 $PPID'));
  expect((await sitepair.start('protect', name).ended).exitCode).toBeNull();
  await sitepair.must('group', 'set', name, '--before-cycle', 'true');
  rmSync(sites.recoveryStore, { recursive: true });
  await sites.refused(3, /b\/store\/erp/, ['resume', name]);
  await sitepair.must('group', 'set', name, '--confirm', name, '--recovery-store', sites.path('b/new-store'));
  expect((await sitepair.group(name)).phase).toBe('unprotected');
  await sitepair.must('protect', name, '--overwrite', '--confirm', name);
  sites.expectMirrored();
});

test('a store that is lost while its side is reprotected', async (context) => {
  const sites = new TwoSites(context);
  const { sitepair, name } = sites;
  await sites.protect();
  await sitepair.must('failover', name, '--confirm', name);
  write(sites.target(), 50_000, 5000);
  await sitepair.must('commit', name, '--confirm', name);
  await sitepair.must('group', 'set', name, '--before-cycle', 'kill -9 $PPID');
  expect((await sitepair.start('reprotect', name, '--confirm', name).ended).exitCode).toBeNull();
  await sitepair.must('group', 'set', name, '--before-cycle', 'true');
  rmSync(sites.primaryStore, { recursive: true });
  await sites.refused(3, /a\/store\/erp/, ['resume', name]);
  await sitepair.must('group', 'set', name, '--confirm', name, '--primary-store', sites.path('a/new-store'));
  expect((await sitepair.group(name)).phase).toBe('committed');
  await sitepair.must('reprotect', name, '--confirm', name);
  sites.expectMirrored();
});

test(
  'giving a new store, killed at every write: given once more it is taken for what it is',
  async (context) => {
    const sites = new TwoSites(context);
    const { sitepair, name } = sites;
    await sites.protect();
    write(sites.source(), 0, 5000);
    await sitepair.must('sync', name);
    rmSync(sites.recoveryStore, { recursive: true });
    const words = ['group', 'set', name, '--confirm', name, '--recovery-store', sites.path('b/new-store')];
    const again = async (): Promise<void> => {
      await sitepair.must(...words);
      expect(await sitepair.group(name)).toMatchObject({ phase: 'unprotected', epoch: 2, points: [] });
      await sites.refused(3, /not protected/, ['sync', name]);
    };
    // Before the other store is told; and before the new one hears what that one made of it.
    for (const files of [/\/a\/store\/erp\/record$/, /\/b\/new-store\/erp\/record$/]) {
      const before = new Checkpoint(sites);
      for (let nth = 1; await killed(sites, { files, nth }, ...words); nth += 1) {
        // While the folder itself is being made its record is not whole, and another place has to be given.
        if ((await sitepair.run(...words)).exitCode === 0) await again();
        before.restore();
      }
      await again();
      before.restore();
    }
  },
  sweepTimeout,
);

test('a new store that was never finished is built on by nothing, and protect --overwrite begins anew', async (context) => {
  const sites = new TwoSites(context);
  const { sitepair, name } = sites;
  await sites.protect();
  rmSync(sites.recoveryStore, { recursive: true });
  const anew = sites.path('b/new-store');
  const files = /\/a\/store\/erp\/record$/;
  expect(
    await killed(sites, { files, nth: 1 }, 'group', 'set', name, '--confirm', name, '--recovery-store', anew),
  ).toBe(true);
  await sitepair.must('group', 'adopt', sites.primaryStore, '--other-store', anew);
  write(sites.target(), 0, 5000);
  expect((await sitepair.group(name)).health.reasons.join()).toContain('knows no point of the replica');
  await sites.refused(3, /knows no point of the replica.*protect --overwrite/, ['sync', name]);
  await sites.refused(3, /knows no point/, ['failover', name, '--planned', '--confirm', name]);
  await sites.refused(3, /knows no point/, ['verify', name]);
  await sites.refused(3, /no point of a cycle/, ['failover', name, '--confirm', name]);
  await sitepair.must('protect', name, '--overwrite', '--confirm', name);
  sites.expectMirrored();
  const { points, epoch } = await sitepair.group(name);
  expect(epoch).toBe(2);
  expect(points.map((point) => point.kind)).toEqual(['before-protect', 'cycle']);
});

test("production's store is lost: it gets a new one, and the points stay", async (context) => {
  const sites = new TwoSites(context);
  const { sitepair, name } = sites;
  await sites.protect();
  write(sites.source(), 0, 5000);
  await sitepair.must('sync', name);
  const { points } = await sitepair.group(name);
  rmSync(sites.primaryStore, { recursive: true });
  expect((await sites.refused(3, /a\/store\/erp/, ['sync', name])).remedy).toContain('group set');
  await sitepair.must('group', 'set', name, '--confirm', name, '--primary-store', sites.path('a/new-store'));
  const after = await sitepair.group(name);
  expect(after.phase).toBe('protected');
  expect(after.points).toEqual(points);
  write(sites.source(), 0, 5000);
  await sitepair.must('sync', name);
  sites.expectMirrored();
});

test('a lost store that comes back after it was replaced is not used', async (context) => {
  const sites = new TwoSites(context);
  const { sitepair, name } = sites;
  await sites.protect();
  const aside = sites.path('b/aside');
  cpSync(sites.recoveryStore, aside, { recursive: true });
  rmSync(sites.recoveryStore, { recursive: true });
  await sitepair.must('group', 'set', name, '--confirm', name, '--recovery-store', sites.path('b/new-store'));
  await sitepair.must('protect', name, '--overwrite', '--confirm', name);
  cpSync(aside, sites.recoveryStore, { recursive: true });
  await sitepair.must('group', 'set', name, '--confirm', name, '--recovery-store', sites.recoveryStore);
  expect((await sitepair.group(name)).stores[1]?.state).toBe('stale');
  await sites.refused(3, /older copy/, ['sync', name]);
  await sitepair.must('group', 'set', name, '--confirm', name, '--recovery-store', sites.path('b/new-store'));
  await sitepair.must('sync', name);
});
