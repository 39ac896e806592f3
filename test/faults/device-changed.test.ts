/** FAULTS, row 20: a device that is read-only, has shrunk or has grown, and a file likewise. */
import { truncateSync } from 'node:fs';
import { expect, test, type TestContext } from 'vitest';
import { skipUnless } from '../needs.ts';
import { digestOf } from '../support/fingerprint.ts';
import { TwoSites, write } from '../support/two-sites.ts';
import { run } from '../volumes/scratch.ts';

const size = 4 << 20;

interface DeviceSites {
  sites: TwoSites;
  /** Gives a device another size, as a resized volume has. */
  resize: (site: 'a' | 'b', bytes: number) => void;
}

/** A protected group of one pair of loop devices of 4 MiB. */
async function deviceSites(context: TestContext): Promise<DeviceSites> {
  skipUnless(context, { root: true, loop: true, commands: ['losetup', 'blockdev'] });
  const sites = new TwoSites(context);
  const images = { a: sites.scratch.sparseFile('a.img', size), b: sites.scratch.sparseFile('b.img', size) };
  sites.pairs = [{ source: sites.scratch.loop(images.a), target: sites.scratch.loop(images.b) }];
  write(sites.source(), 0, size);
  await sites.protect();
  const resize = (site: 'a' | 'b', bytes: number): void => {
    truncateSync(images[site], bytes);
    run('losetup', '--set-capacity', site === 'a' ? sites.source() : sites.target());
  };
  return { sites, resize };
}

test('a read-only target is refused beforehand by all that write it; made writable it goes on', async (context) => {
  const { sites } = await deviceSites(context);
  const { sitepair, name } = sites;
  write(sites.source(), 0, 5000);
  run('blockdev', '--setro', sites.target());
  sites.scratch.later(() => run('blockdev', '--setrw', sites.target()));
  for (const words of [
    ['sync', name],
    ['failover', name, '--confirm', name],
    ['failover', name, '--planned', '--confirm', name],
    ['verify', name, '--repair'],
  ]) {
    const refused = await sites.refused(3, /\/dev\/loop\d+ is read-only/, words);
    expect(refused.remedy).toContain('blockdev --setrw');
  }
  run('blockdev', '--setrw', sites.target());
  await sitepair.must('sync', name);
  sites.expectMirrored();
});

test('a target that turns read-only after the checks: a clear error, and the cycle can be resumed', async (context) => {
  const { sites } = await deviceSites(context);
  const { sitepair, name } = sites;
  write(sites.source(), 0, 5000);
  await sitepair.must('group', 'set', name, '--before-cycle', `blockdev --setro ${sites.target()}`);
  sites.scratch.later(() => run('blockdev', '--setrw', sites.target()));
  const { exitCode, report } = await sitepair.run('sync', name);
  expect(exitCode).toBe(5);
  expect(report.run?.error).toMatchObject({ code: 'volume-read-only' });
  expect(report.run?.error?.message).toContain(sites.target());
  run('blockdev', '--setrw', sites.target());
  await sitepair.must('group', 'set', name, '--before-cycle', 'true');
  await sitepair.must('resume', name);
  sites.expectMirrored();
});

test('a source that has shrunk is refused beforehand, and nothing is taken for zeros', async (context) => {
  const { sites, resize } = await deviceSites(context);
  const { sitepair, name } = sites;
  resize('a', size / 2);
  for (const words of [
    ['sync', name],
    ['failover', name, '--planned', '--confirm', name],
  ]) {
    const refused = await sites.refused(
      3,
      new RegExp(`${sites.source()} has ${size / 2} bytes, the pair needs ${size}`),
      words,
    );
    expect(refused.remedy).not.toBe('');
  }
  resize('a', size);
  write(sites.source(), 0, size);
  await sitepair.must('sync', name);
  sites.expectMirrored();
});

test('a target that has shrunk is refused beforehand', async (context) => {
  const { sites, resize } = await deviceSites(context);
  const { sitepair, name } = sites;
  const replica = digestOf(sites.target());
  resize('b', size / 2);
  for (const words of [
    ['sync', name],
    ['failover', name, '--confirm', name],
  ]) {
    await sites.refused(3, new RegExp(`${sites.target()} (has|ends at byte) ${size / 2}`), words);
  }
  resize('b', size);
  // What the image lost when it was cut is noticed, and mended.
  const { exitCode, report } = await sitepair.run('verify', name);
  expect(exitCode).toBe(1);
  expect(report.mismatches?.[0]).toMatchObject({ pairId: 'pair-1', offset: size / 2, length: size / 2 });
  await sitepair.must('verify', name, '--repair');
  expect(digestOf(sites.target())).toBe(replica);
});

test('a source that shrinks after the checks: a clear error that names it, no point, and resumed when it is back', async (context) => {
  const { sites, resize } = await deviceSites(context);
  const { sitepair, name } = sites;
  write(sites.source(), 0, 5000);
  const cut = `truncate -s ${size / 2} ${sites.path('a.img')} && losetup -c ${sites.source()}`;
  await sitepair.must('group', 'set', name, '--before-cycle', cut);
  const { points } = await sitepair.group(name);
  const { exitCode, report } = await sitepair.run('sync', name);
  expect(exitCode).toBe(5);
  expect(report.run?.error?.code).toBe('volume-changed');
  expect(report.run?.error?.message).toContain(sites.source());
  // No point is new; the one before is not what the volumes hold while the cycle is open.
  expect((await sitepair.group(name)).points).toEqual(points.map((point) => ({ ...point, current: false })));
  await sitepair.must('group', 'set', name, '--before-cycle', 'true');
  resize('a', size);
  await sitepair.must('resume', name);
  sites.expectMirrored();
});

test('a device that has grown: what lies beyond is not replicated before its replica is as large, and that is said', async (context) => {
  const { sites, resize } = await deviceSites(context);
  const { sitepair, name } = sites;
  resize('a', 2 * size);
  write(sites.source(), 0, 5000);
  write(sites.source(), size + 100, 5000);
  const { run: ran, checks } = await sitepair.must('sync', name);
  expect(checks?.find((check) => check.id === 'sizes-match')).toMatchObject({ status: 'warn' });
  expect(checks?.find((check) => check.id === 'sizes-match')?.found).toMatch(
    /has grown: it has 8388608 bytes, and the pair 4194304/,
  );
  expect(ran?.bytesCompared).toBeLessThanOrEqual(size);
  expect(() => run('cmp', '-n', String(size), sites.source(), sites.target())).not.toThrow();
  resize('b', 2 * size);
  write(sites.target(), size + 100, 5000);
  await sitepair.must('verify', name);
  await sitepair.must('sync', name);
  sites.expectMirrored();
  expect((await sitepair.group(name)).pairs[0]?.sizeBytes).toBe(2 * size);
});

test('files that are cut: the target is refused, the source is refused', async (context) => {
  const sites = new TwoSites(context);
  const { name } = sites;
  await sites.protect();
  truncateSync(sites.target(), 100_000);
  await sites.refused(3, /b\/one\.img has 100000 bytes, the pair needs 300001/, ['sync', name]);
  truncateSync(sites.target(), 300_001);
  truncateSync(sites.source(), 100_000);
  await sites.refused(3, /a\/one\.img has 100000 bytes, the pair needs 300001/, ['sync', name]);
});
