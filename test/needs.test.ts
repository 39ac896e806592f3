/** Skips are seen, and are failures under CI. */
import { afterEach, expect, test, vi } from 'vitest';
import { needs, skipUnless } from './needs.ts';

afterEach(() => vi.unstubAllEnvs());

test('what is missing is named with its package, and fails the test under CI', () => {
  vi.stubEnv('PATH', '/nowhere');
  vi.stubEnv('CI', '');
  const wanted = { commands: ['qemu-img'], fileSystems: ['nosuchfs'] } as const;
  const reason = 'needs qemu-img (Debian package qemu-utils), a kernel with nosuchfs';
  expect(needs(wanted)).toBe(reason);
  const skipped: unknown[] = [];
  skipUnless({ skip: (...call) => skipped.push(call) }, wanted);
  expect(skipped).toEqual([[true, reason]]);
  vi.stubEnv('CI', 'true');
  expect(() => needs(wanted)).toThrow(reason);
});

test('nothing is missing where nothing is needed', () => {
  vi.stubEnv('CI', 'true');
  expect(needs({})).toBeNull();
});
