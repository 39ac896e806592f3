/**
 * One bit of one undo journal turned over: what would be undone with it is refused, loudly and with nothing written, or
 * comes out right all the same.
 */
import { SitepairError } from '../../../src-main/contract/errors.ts';
import { GroupStore } from '../../../src-main/store/group-store.ts';
import { segmentsStart } from '../../../src-main/store/journal-format.ts';
import { compareVolumes, move, rollBack } from './examine.ts';
import type { Model } from './model.ts';
import type { Random } from './random.ts';
import type { Site } from './site.ts';

function flipOneBit(site: Site, name: string, random: Random): string {
  const file = site.disk.open(name);
  const size = file.size();
  const from = size > segmentsStart && random.chance(0.8) ? segmentsStart : 0;
  const at = from + random.below(size - from);
  const byte = Buffer.alloc(1);
  file.read(byte, at);
  byte[0] = (byte[0] ?? 0) ^ (1 << random.below(8));
  file.write(byte, at);
  file.flush();
  file.close();
  return `bit of byte ${at} in ${name} flipped`;
}

/** Works on a copy of the site. */
export function examineDamage(site: Site, model: Model, random: Random): void {
  const copy = site.clone();
  copy.cutPower(random);
  const journals = copy.disk.list().filter((name) => name.startsWith('undo-'));
  const name = journals[random.below(Math.max(1, journals.length))];
  if (name === undefined) return;
  const store = GroupStore.open(copy.disk);
  const { receiving, moving } = store.record;
  const [oldest] = model.state.points;
  if (moving !== null || (receiving === null && oldest === undefined)) return;
  if (copy.disk.open(name).size() === 0) return;
  const what = flipOneBit(copy, name, random);
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
