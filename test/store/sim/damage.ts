/**
 * One bit of one undo journal turned over, or a journal gone: what would be undone with it is refused, loudly and with
 * nothing written, or comes out right all the same.
 */
import { SitepairError } from '../../../src-main/contract/errors.ts';
import { GroupStore } from '../../../src-main/store/group-store.ts';
import { pageBytes, segmentsStart } from '../../../src-main/store/journal-format.ts';
import { compareVolumes, move, rollBack } from './examine.ts';
import type { Model } from './model.ts';
import type { Random } from './random.ts';
import type { Site } from './site.ts';

/** Mostly among the segments, and often in one of the last: those are the ones that a count may fail to cover. */
function whereToFlip(size: number, random: Random): number {
  const kind = random.below(5);
  if (kind === 0 || size <= segmentsStart) return random.below(size);
  if (kind < 3) return segmentsStart + random.below(size - segmentsStart);
  const page = Math.max(segmentsStart, size - pageBytes * (1 + random.below(3)));
  return Math.min(size - 1, page + random.below(700));
}

function flipOneBit(site: Site, name: string, random: Random): string {
  const file = site.disk.open(name);
  const at = whereToFlip(file.size(), random);
  const byte = Buffer.alloc(1);
  file.read(byte, at);
  byte[0] = (byte[0] ?? 0) ^ (1 << random.below(8));
  file.write(byte, at);
  file.flush();
  file.close();
  return `bit of byte ${at} in ${name} flipped`;
}

function loseOrFlip(site: Site, name: string, random: Random): string {
  if (site.disk.open(name).size() > 0 && random.chance(0.8)) return flipOneBit(site, name, random);
  site.disk.remove(name);
  site.disk.flushNames();
  return `${name} removed`;
}

/** Works on a copy of the site. */
export function examineDamage(site: Site, model: Model, random: Random): void {
  const copy = site.clone();
  copy.cutPower(random);
  const store = GroupStore.open(copy.disk);
  const { receiving, moving } = store.record;
  const prefix = receiving === null ? 'undo-' : `undo-${receiving.epoch}-${receiving.cycle}-`;
  const journals = copy.disk.list().filter((one) => one.startsWith(prefix));
  const name = journals[random.below(Math.max(1, journals.length))];
  if (name === undefined) return;
  const [oldest] = model.state.points;
  if (moving !== null || (receiving === null && oldest === undefined)) return;
  const what = loseOrFlip(copy, name, random);
  const found = copy.contents();
  let expected = receiving === null ? (oldest?.contents ?? []) : model.before;
  try {
    if (receiving !== null) rollBack(copy, store);
    else if (oldest !== undefined) move(copy, store, oldest);
  } catch (error) {
    if (!(error instanceof SitepairError) || error.report.code !== 'store-damaged') throw error;
    expected = found;
  }
  compareVolumes(copy, expected, what);
}
