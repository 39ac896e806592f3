/** How much is free where files are to be made. */
import fs from 'node:fs';

/** Null where the file system does not tell, as served ones often do not. */
export function freeBytesIn(folder: string): number | null {
  const { blocks, bavail, bsize } = fs.statfsSync(folder);
  return blocks === 0 ? null : bavail * bsize;
}
