/**
 * FAULTS, row 26.
 * A bad sector on the replica: it keeps nobody from the rest of it, is said wherever it is met, and is rewritten from
 * the source by a repair.
 */
import { randomBytes } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { expect, test, type TestContext } from 'vitest';
import { skipUnless } from '../needs.ts';
import { FailingVolume, needsOfFailing } from '../support/failing-volume.ts';
import { digestOf } from '../support/fingerprint.ts';
import { killed } from '../support/kills.ts';
import { TwoSites, write } from '../support/two-sites.ts';
import { run } from '../volumes/scratch.ts';

const size = 256 << 10;
const sector = 512;
/** In the sixth chunk of sixteen. */
const bad = { offset: (5 << 14) + 2 * sector, length: sector };

class FailingReplica {
  readonly sites: TwoSites;
  readonly volume: FailingVolume;
  readonly #file: string;

  private constructor(sites: TwoSites, volume: FailingVolume, file: string) {
    this.sites = sites;
    this.volume = volume;
    this.#file = file;
  }

  /** One pair that is protected, and whose replica is spoilt then. */
  static async of(context: TestContext): Promise<FailingReplica> {
    skipUnless(context, needsOfFailing);
    const sites = new TwoSites(context);
    const file = sites.path('b/served.img');
    writeFileSync(file, Buffer.alloc(size));
    writeFileSync(sites.source(), randomBytes(size));
    const volume = await FailingVolume.of(sites.scratch, file, false);
    sites.pairs = [{ source: sites.source(), target: volume.path }];
    await sites.protect();
    const replica = new FailingReplica(sites, volume, file);
    replica.spoil();
    return replica;
  }

  spoil(): void {
    this.volume.spoil([bad]);
    this.forget();
  }

  /** What the system remembers of volumes would hide that a sector is gone. */
  forget(): void {
    run('dd', `if=${this.volume.path}`, 'iflag=nocache', 'count=0', 'status=none');
  }

  /** Writes behind the disk's back. */
  write(offset: number, length: number): void {
    write(this.#file, offset, length);
    this.forget();
  }

  /** What lies under the volume. */
  get content(): Buffer {
    return readFileSync(this.#file);
  }
}

test('with the source lost, a failover goes ahead; it is told what cannot be read and where, and is in doubt', async (context) => {
  const replica = await FailingReplica.of(context);
  const { sites, volume } = replica;
  const { sitepair, name } = sites;
  renameSync(sites.path('a'), sites.path('a.gone'));

  const looked = await sitepair.must('check', name, '--for', 'failover');
  const intact = looked.checks?.find(({ id }) => id === 'replica-intact');
  expect(intact?.status).toBe('warn');
  expect(intact?.found).toMatch(/of Hall B cannot be read \(.*offset 81920, length 4096\)/);
  replica.forget();

  const { run: done, warnings, group } = await sitepair.must('failover', name, '--confirm', name);
  expect(done?.outcome).toBe('succeeded');
  expect(warnings?.join()).toContain(`cannot be read (${volume.path} offset 81920, length 4096)`);
  expect(warnings?.join()).toContain('the points are marked damaged');
  expect(group?.phase).toBe('failed-over');
  expect(group?.points.map(({ state }) => state)).toEqual(['damaged']);
});

test('a cycle that need not read there goes on, and says it', async (context) => {
  const { sites, volume } = await FailingReplica.of(context);
  const { sitepair, name } = sites;
  write(sites.source(), 0, 1000);
  const { warnings } = await sitepair.must('sync', name);
  expect(warnings?.join()).toContain(`cannot be read (${volume.path} offset 81920, length 4096)`);
  expect(warnings?.join()).toContain(`sitepair verify ${name} --repair`);
  // Production that is well is moved onto such a disk by word only.
  const planned = await sitepair.run('failover', name, '--planned', '--confirm', name);
  expect(planned.exitCode, planned.printed).toBe(3);
  expect(planned.report.checks?.find(({ id }) => id === 'replica-intact')?.status).toBe('unknown');
  volume.spoil([]);
  expect(() => run('cmp', sites.source(), volume.path)).not.toThrow();
});

test('verify names it and goes on; a repair rewrites it from the source, and all is well again', async (context) => {
  const replica = await FailingReplica.of(context);
  const { sites, volume } = replica;
  const { sitepair, name } = sites;
  // Another chunk is corrupted behind the disk's back, and a part of the one with the bad sector.
  replica.write(200_000, 100);
  replica.write(bad.offset + 3 * 4096, 10);

  const found = await sitepair.run('verify', name);
  expect(found.exitCode).toBe(1);
  expect(found.report.mismatches).toEqual([
    { pairId: 'pair-1', offset: 196_608, length: 16_384 },
    { pairId: 'pair-1', ...bad, unreadable: true },
  ]);
  expect(found.report.run?.error?.message).toContain(
    `cannot be read (${volume.path} offset ${bad.offset}, length 512)`,
  );
  expect(found.report.run?.error?.remedy).toContain(`sitepair verify ${name} --repair`);
  expect(found.printed).toContain('unreadable');
  const between = await sitepair.group(name);
  expect(between.health.level).toBe('warning');
  expect(between.pairs.map(({ mirrorState }) => mirrorState)).toEqual(['broken']);

  const { mismatches, run: done } = await sitepair.must('verify', name, '--repair');
  expect(mismatches).toEqual([]);
  expect(done?.report?.result).toContain('Hall B was mended from Hall A in 2 ranges (32.0 KiB)');
  // The block with the bad sector, and those that were corrupted.
  expect(done?.bytesWritten).toBe(3 * 4096);
  expect(volume.bad).toBe('');
  replica.forget();
  sites.expectMirrored();
  const after = await sitepair.group(name);
  expect(after.health.level).toBe('ok');
  expect(after.pairs.map(({ mirrorState }) => mirrorState)).toEqual(['mirrored']);
  await sitepair.must('verify', name);
});

test('where the source holds newer data, a repair makes the sector readable at least, and the next cycle mends it', async (context) => {
  const replica = await FailingReplica.of(context);
  const { sites, volume } = replica;
  const { sitepair, name } = sites;
  const before = replica.content;
  write(sites.source(), bad.offset - 2 * sector, 4 * sector);
  const stopped = await sitepair.run('sync', name);
  expect(stopped.exitCode).toBe(5);
  expect(stopped.report.run?.error?.remedy).toContain('verify --repair');
  await sitepair.must('rollback', name);

  expect((await sitepair.run('verify', name, '--repair')).exitCode).toBe(1);
  expect(volume.bad).toBe('');
  replica.forget();
  // Nothing but the sector was touched.
  const now = replica.content;
  now.copy(before, bad.offset, bad.offset, bad.offset + sector);
  expect(now.equals(before)).toBe(true);
  const group = await sitepair.group(name);
  expect(group.points.map(({ state }) => state)).toEqual(['damaged']);
  expect(group.pairs.map(({ mirrorState }) => mirrorState)).toEqual(['broken']);

  await sitepair.must('sync', name);
  sites.expectMirrored();
  expect((await sitepair.group(name)).points.map(({ state }) => state)).toEqual(['damaged', 'usable']);
  await sitepair.must('verify', name);
});

/** A cycle that changes all of the sixth chunk but its second block, and is killed after it wrote there. */
async function cutOffInCycle({ sites, volume }: FailingReplica): Promise<void> {
  volume.spoil([]);
  write(sites.source(), 5 << 14, 4096);
  write(sites.source(), (5 << 14) + 2 * 4096, 2 * 4096);
  const inVolume = { files: /served\.img\.failing\/nbd$/, nth: 2 };
  expect(await killed(sites, inVolume, 'sync', sites.name)).toBe(true);
}

test('in a cycle that was cut off, what it saved is put back, and the sector is readable again', async (context) => {
  const replica = await FailingReplica.of(context);
  const { sites, volume } = replica;
  const before = digestOf(sites.path('b/served.img'));
  await cutOffInCycle(replica);
  replica.spoil();
  expect((await sites.sitepair.run('resume', sites.name)).exitCode).toBe(5);
  await sites.sitepair.must('rollback', sites.name);
  expect(volume.bad).toBe('');
  expect(digestOf(sites.path('b/served.img'))).toBe(before);
  await sites.sitepair.must('verify', sites.name);
  await sites.sitepair.must('sync', sites.name);
  sites.expectMirrored();
});

test('where the cycle saved nothing of it, a rollback goes around it by word only', async (context) => {
  const replica = await FailingReplica.of(context);
  const { sites, volume } = replica;
  const { sitepair, name } = sites;
  const before = digestOf(sites.path('b/served.img'));
  await cutOffInCycle(replica);
  volume.spoil([{ offset: (5 << 14) + 4096 + sector, length: sector }]);
  replica.forget();
  const at = 'cannot be read at bytes 86528 to 87040, where the open cycle saved nothing';
  for (const word of ['resume', 'rollback']) {
    const { exitCode, report } = await sitepair.run(word, name);
    expect([exitCode, report.run?.error?.message]).toEqual([5, expect.stringContaining(at)]);
    expect(report.run?.error?.remedy).toContain('--accept replica-intact');
    expect(report.group?.phase).toBe('interrupted');
  }
  const { warnings, group } = await sitepair.must('rollback', name, '--accept', 'replica-intact');
  expect(warnings?.join()).toContain('bytes 86528-87040 cannot be read, and the open cycle saved nothing there');
  expect(group?.points.map(({ state }) => state)).toEqual(['damaged']);
  expect(digestOf(sites.path('b/served.img'))).toBe(before);
  // Nothing is lost for good while the source answers.
  await sitepair.run('verify', name, '--repair');
  expect(volume.bad).toBe('');
  await sitepair.must('sync', name);
  sites.expectMirrored();
});
