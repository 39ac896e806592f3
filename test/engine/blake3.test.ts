/** Digests of whole volumes: what they are, and that they take no memory beside their own 32 bytes. */
import { expect, test } from 'vitest';
import { blake3 } from '../../src-main/blake3.ts';

test('is BLAKE3, as its authors tell of it', () => {
  // From the official test vectors (github.com/BLAKE3-team/BLAKE3, test_vectors.json): bytes 0, 1, ... 250, 0, 1, ...
  const vectors: [number, string][] = [
    [0, 'af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262'],
    [1, '2d3adedff11b61f14c886e35afa036736dcd87a74d27b5c1510225d0f592e213'],
    [1024, '42214739f095a406f3fc83deb889744ac00df831c10daa55189b5d121c855af7'],
  ];
  for (const [length, digest] of vectors) {
    expect(blake3(Buffer.from(Array.from({ length }, (_, n) => n % 251))).toString('hex')).toBe(digest);
  }
  expect(blake3('')).toEqual(blake3(Buffer.alloc(0)));
});

test('a thread that makes very many without ever coming to rest holds no memory of them', () => {
  const data = Buffer.alloc(1024, 7);
  const before = process.memoryUsage().rss;
  for (let n = 0; n < 500_000; n += 1) blake3(data);
  // Kept until the thread rests, each took some 340 bytes: 170 MB.
  expect(process.memoryUsage().rss - before).toBeLessThan(80e6);
});
