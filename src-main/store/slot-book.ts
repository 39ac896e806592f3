/**
 * A small file of a group's folder that is kept in two slots (slots.ts): its space is there once it was made, and at
 * every instant one copy of what it holds is whole.
 */
import { SitepairError } from '../contract/errors.ts';
import type { Disk } from './disk.ts';
import { readSlots, slotFileBytes, writeSlot } from './slots.ts';

/** What a book holds; `serial` rises with every write. */
export interface Page {
  serial: number;
  payload: string;
}

/** Null where it is not there, or was made and never written. Throws `store-damaged` where neither copy is whole. */
export function readBook(disk: Disk, name: string): Page | null {
  if (!disk.exists(name)) return null;
  const file = disk.open(name);
  try {
    const content = readSlots(file);
    if (content === null && !isBlank(file.size(), (buffer) => file.read(buffer, 0))) throw damaged(disk, name);
    return content;
  } finally {
    file.close();
  }
}

/** Makes the book where it is missing. `bytes`: the largest payload that it will ever hold. Throws `no-space`. */
export function makeBook(disk: Disk, name: string, bytes: number): void {
  const whole = slotFileBytes(bytes);
  if (disk.exists(name)) {
    const file = disk.open(name);
    const enough = file.size() >= whole;
    file.close();
    if (enough) return;
    // Making it was cut off.
    disk.remove(name);
  }
  const file = disk.create(name, whole);
  file.flush();
  file.close();
  disk.flushNames();
}

/** Writes a book that was made, durably. Throws what the disk throws. */
export function writeBook(disk: Disk, name: string, { serial, payload }: Page): void {
  const file = disk.open(name);
  try {
    writeSlot(file, { serial, epoch: 0, payload });
  } finally {
    file.close();
  }
}

/** Whether nothing was ever written: its first page is all zeros. */
function isBlank(size: number, read: (buffer: Buffer) => void): boolean {
  const first = Buffer.alloc(Math.min(size, 4096));
  read(first);
  return first.every((byte) => byte === 0);
}

function damaged(disk: Disk, name: string): SitepairError {
  return new SitepairError({
    code: 'store-damaged',
    message: `The file ${name} in ${disk.path} is damaged: neither of its two copies matches its checksum.`,
    where: `${disk.path}/${name}`,
    remedy: 'The other store has a copy; where it has none, set the plan of the group anew with plan set.',
  });
}
