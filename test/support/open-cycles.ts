/** A cycle that was killed half way: its undo journal has segments, and the replica is neither here nor there. */
import { randomBytes } from 'node:crypto';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { digestOf } from './fingerprint.ts';
import { killed } from './kills.ts';
import type { TwoSites } from './two-sites.ts';

export interface OpenCycle {
  /** The digest of the replica's first volume at the newest point. */
  atPoint: string;
  /** The journal of the open cycle. */
  journal: string;
}

/** The undo journals in the group's folder of a store, oldest first. */
export function journalsIn(sites: TwoSites, store: string): string[] {
  const folder = sites.folder(store);
  return readdirSync(folder)
    .filter((name) => name.startsWith('undo-'))
    .sort()
    .map((name) => join(folder, name));
}

/** Makes a volume of several journal segments, for the first pair, before the group is protected. */
export function largeFirstVolume(sites: TwoSites): void {
  writeFileSync(sites.source(), randomBytes(13 << 20));
}

/** Changes all of the first volume and kills the cycle in the middle of its second segment's writes. */
export async function openCycle(sites: TwoSites): Promise<OpenCycle> {
  const atPoint = digestOf(sites.target());
  const before = journalsIn(sites, sites.recoveryStore);
  largeFirstVolume(sites);
  expect(await killed(sites, { files: /\/b\/one\.img$/, nth: 300 }, 'sync', sites.name)).toBe(true);
  expect(digestOf(sites.target())).not.toBe(atPoint);
  const journal = journalsIn(sites, sites.recoveryStore).find((one) => !before.includes(one));
  if (journal === undefined) throw new Error('the cycle left no journal');
  return { atPoint, journal };
}
