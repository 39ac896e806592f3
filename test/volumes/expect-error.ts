/** Catching the error that a volume must throw, so that a test can look at it. */
import { expect } from 'vitest';
import type { ErrorCode } from '../../src-main/contract/errors.ts';
import { VolumeError } from '../../src-main/volumes/volume-error.ts';

/** Calls, and gives the VolumeError that it threw; the test fails where it threw none or one of another code. */
export function errorOf(code: ErrorCode, call: () => unknown): VolumeError {
  let thrown: unknown = null;
  try {
    call();
  } catch (error) {
    thrown = error;
  }
  if (!(thrown instanceof VolumeError)) throw new Error(`a VolumeError was expected, not ${String(thrown)}`);
  expect(thrown.report.code, thrown.message).toBe(code);
  expect(thrown.report.message).not.toBe('');
  expect(thrown.report.remedy).not.toBe('');
  expect(thrown.report.where).toContain(thrown.path);
  return thrown;
}
