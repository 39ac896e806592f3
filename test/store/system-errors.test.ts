/** What the system refuses a store is told by what it is, also where Node knows its number only. */
import fs from 'node:fs';
import { constants } from 'node:os';
import { expect, test, vi } from 'vitest';
import { folderDisk } from './disks.ts';
import { refused } from './refused.ts';

const { errno } = constants;

/** As Node throws it (`util.getSystemErrorName` of 116 and 122 gives no name). */
function unnamed(number: number): Error {
  const words = `Unknown system error -${number}`;
  return Object.assign(new Error(`${words}: ${words}, write`), { errno: -number, code: words, syscall: 'write' });
}

test.for([
  [errno.EDQUOT, 'no-space', /no space left/],
  [errno.ESTALE, 'store-unread', /cannot be reached \(ESTALE\)/],
  [errno.EIO, 'write-failed', /could not be written \(EIO\)/],
] as const)('a write that fails with %i', ([number, code, message], context) => {
  const file = folderDisk(context).create('a', 4096);
  const write = vi.spyOn(fs, 'writeSync').mockImplementation(() => {
    throw unnamed(number);
  });
  context.onTestFinished(() => {
    write.mockRestore();
    file.close();
  });
  expect(
    refused(code, () => {
      file.write(Buffer.alloc(100), 0);
    }),
  ).toMatch(message);
});
