/**
 * A volume that is almost nothing but hole. Whatever went through all of its chunks, or read its holes, would not end
 * within a test.
 */
import { closeSync, openSync, readSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Report } from '../support/installation.ts';
import { TwoSites, write } from '../support/two-sites.ts';

const TiB = 2 ** 40;
const sizeBytes = 8 * TiB + 4711;
const places = [100, 3 * TiB + 5, 8 * TiB + 4000];
const lengthBytes = 700;

function read(volume: string, offset: number): Buffer {
  const buffer = Buffer.alloc(lengthBytes);
  const fd = openSync(volume, 'r');
  try {
    readSync(fd, buffer, 0, buffer.length, offset);
  } finally {
    closeSync(fd);
  }
  return buffer;
}

/** What the volume holds where something was ever written. */
function contentOf(volume: string): string {
  expect(statSync(volume).size).toBe(sizeBytes);
  return places.map((offset) => read(volume, offset).toString('hex')).join('\n');
}

test('what a volume costs grows with its data, not with its size', async (context) => {
  const sites = new TwoSites(context);
  sites.pairs = sites.pairs.slice(0, 1);
  writeFileSync(sites.source(), '');
  truncateSync(sites.source(), sizeBytes);
  for (const offset of places) write(sites.source(), offset, lengthBytes);
  const must = (...words: string[]): Promise<Report> => sites.sitepair.must(...words);

  await must(...sites.creation());
  const { run: seed } = await must('protect', sites.name);
  expect(contentOf(sites.target())).toBe(contentOf(sites.source()));
  expect((seed?.bytesCompared ?? 0) + (seed?.bytesSkipped ?? 0)).toBe(sizeBytes);
  expect(seed?.bytesCompared).toBeLessThan(1 << 20);
  const before = contentOf(sites.target());

  write(sites.source(), 3 * TiB + 5, lengthBytes);
  await must('sync', sites.name);
  expect(contentOf(sites.target())).toBe(contentOf(sites.source()));
  const { mismatches, run: verified } = await must('verify', sites.name);
  expect(mismatches).toEqual([]);
  expect((verified?.bytesCompared ?? 0) + (verified?.bytesSkipped ?? 0)).toBe(sizeBytes);

  const [oldest] = (await sites.sitepair.group(sites.name)).points;
  await must('failover', sites.name, '--confirm', sites.name);
  await must('change-point', sites.name, '--point', oldest?.id ?? '', '--confirm', sites.name);
  expect(contentOf(sites.target())).toBe(before);
  await must('commit', sites.name, '--confirm', sites.name);
  await must('reprotect', sites.name, '--confirm', sites.name);
  expect(contentOf(sites.source())).toBe(before);
  expect(statSync(sites.source()).blocks + statSync(sites.target()).blocks).toBeLessThan(4096);
});
