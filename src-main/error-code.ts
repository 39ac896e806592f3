/**
 * The name of a system error, "ENOSPC". Node's own errors name only those that libuv knows: a full quota (EDQUOT) and a
 * file that its server has forgotten (ESTALE) come as numbers without a name.
 */
import { constants } from 'node:os';

const names = new Map(Object.entries(constants.errno).map(([name, number]) => [number, name]));

/** Null where it is no error of a system call. */
export function errorCode(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  const known = 'errno' in error && typeof error.errno === 'number' ? names.get(Math.abs(error.errno)) : undefined;
  return known ?? ('code' in error && typeof error.code === 'string' ? error.code : null);
}
