/** Which names and numbers a group may be given, before anything is touched. */
import { SitepairError } from '../../contract/errors.ts';

function refuse(message: string, where: string, remedy: string): SitepairError {
  return new SitepairError({ code: 'invalid-input', message, where, remedy });
}

/** Names become folders in stores and are typed as confirmations. Throws `invalid-input`. */
export function assertGroupName(name: string): void {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(name)) return;
  throw refuse(
    `${JSON.stringify(name)} cannot be a group's name.`,
    'NAME',
    'Use 1 to 64 letters, digits, dots, dashes or underscores, beginning with a letter or digit.',
  );
}

/** Sites are told apart by their names in every sentence. Throws `invalid-input`. */
export function assertSiteNames(primary: string, recovery: string): void {
  assertSiteName(primary, '--primary-site');
  assertSiteName(recovery, '--recovery-site');
  if (primary.toLowerCase() !== recovery.toLowerCase()) return;
  throw refuse(
    `Both sites cannot be named ${JSON.stringify(recovery)}.`,
    '--recovery-site',
    'Give each site a name of its own, so that it is clear which one is meant.',
  );
}

/** A site's name is free text on one line. Throws `invalid-input`. */
function assertSiteName(name: string, option: string): void {
  const plain = !/\p{Cc}/u.test(name);
  if (plain && name.trim() === name && name !== '' && name.length <= 64) return;
  throw refuse(
    `${JSON.stringify(name)} cannot be a site's name.`,
    option,
    'Use up to 64 characters on one line, without blanks at its ends.',
  );
}

export const leastChunkBytes = 4096;
export const mostChunkBytes = 4 << 20;

/** Throws `invalid-input` for anything but a power of two from 4 KiB to 4 MiB. */
export function assertChunkSize(bytes: number): void {
  if (Number.isInteger(Math.log2(bytes)) && bytes >= leastChunkBytes && bytes <= mostChunkBytes) return;
  throw refuse(
    `A chunk size of ${bytes} bytes cannot be used.`,
    '--chunk-size',
    'Give a power of two from 4K to 4M, such as 256K.',
  );
}
