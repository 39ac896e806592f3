/**
 * Small books about the steps of a run, one copy in each store that can be used. They are a help beside the group's
 * record, never above it: what cannot be read is as if it had not been kept.
 */
import type { z } from 'zod';
import type { Disk } from '../../store/disk.ts';
import { makeBook, readBook, writeBook } from '../../store/slot-book.ts';
import type { OpenGroup } from '../group.ts';
import { sites } from '../registration.ts';

export interface StepBook<Page> {
  name: string;
  /** Kept for it, bytes: the largest page that it will ever hold. */
  bytes: number;
  schema: z.ZodType<Page>;
}

interface Kept<Page> {
  /** 0 where there is none. */
  serial: number;
  page: Page | null;
}

function disksOf(group: OpenGroup): Disk[] {
  return sites.flatMap((site) => {
    const { store, state } = group.sides[site];
    return store === null || state !== 'read' ? [] : store.disk;
  });
}

function read<Page>(disk: Disk, { name, schema }: StepBook<Page>): Kept<Page> {
  try {
    const found = readBook(disk, name);
    const parsed = schema.safeParse(found === null ? null : JSON.parse(found.payload));
    return { serial: found?.serial ?? 0, page: parsed.success ? parsed.data : null };
  } catch {
    return { serial: 0, page: null };
  }
}

/** The newest page that any store has. */
export function newestPage<Page>(group: OpenGroup, book: StepBook<Page>): Kept<Page> {
  return disksOf(group).reduce<Kept<Page>>(
    (best, disk) => {
      const found = read(disk, book);
      return found.serial > best.serial ? found : best;
    },
    { serial: 0, page: null },
  );
}

/** Writes a page into every store that can be used, durably. Throws what the first disk throws, after all had it. */
export function putPage<Page>(group: OpenGroup, book: StepBook<Page>, page: Page): void {
  const serial = newestPage(group, book).serial + 1;
  inEach(disksOf(group), (disk) => {
    makeBook(disk, book.name, book.bytes);
    writeBook(disk, book.name, { serial, payload: JSON.stringify(page) });
  });
}

/** Does the same in the store of each site: one that is full, or fails, keeps the other from nothing. */
export function inEach(disks: readonly Disk[], work: (disk: Disk) => void): void {
  const failures = disks.flatMap((disk): unknown[] => {
    try {
      work(disk);
      return [];
    } catch (error) {
      return [error];
    }
  });
  if (failures.length > 0) throw failures[0];
}
