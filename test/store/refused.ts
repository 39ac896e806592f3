/** Catching the error that a call of the store must throw. */
import { expect } from 'vitest';
import { SitepairError, type ErrorCode } from '../../src-main/contract/errors.ts';

/** Calls, and gives the error's message; the test fails where none was thrown or one of another code. */
export function refused(code: ErrorCode, call: () => unknown): string {
  let thrown: unknown = null;
  try {
    call();
  } catch (error) {
    thrown = error;
  }
  if (!(thrown instanceof SitepairError)) throw new Error(`an error "${code}" was expected, not ${String(thrown)}`);
  expect(thrown.report.code, thrown.message).toBe(code);
  expect(thrown.report.remedy).not.toBe('');
  return thrown.message;
}
