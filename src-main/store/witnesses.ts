/**
 * Whether the volumes of an open cycle that saves nothing of them, as a seed onto blank ones, are those that it was
 * begun on. No journal tells: so, before anything is written, the record keeps what a few sectors of each are going to
 * hold.
 */
import { SitepairError } from '../contract/errors.ts';
import { isAnother, type Tally } from './as-mapped.ts';
import { digest } from './checksum.ts';
import { garbledSectors, isBlank, strangersChunks } from './evidence.ts';
import type { GroupStore } from './group-store.ts';
import { readChunk } from './overlay.ts';
import { definitionAtWork } from './pairs.ts';
import { chunkCount, chunkLength, type PairDefinition, type ReceivingPair, type Witness } from './record.ts';
import type { VolumeSet } from './volume-set.ts';

const sectorBytes = 512;
/** Chunks of a pair of which sectors are kept: so many of the first that hold data, and so many spread over it. */
const chunksOfEach = 8;
const sectorsOfChunk = 8;
/** Hexadecimal digits of a sector's digest that are kept. */
const digits = 16;

function short(sector: Buffer): string {
  return digest(sector).toString('hex', 0, digits / 2);
}

/** The chunks of a volume that are to tell, ascending. */
function tellingChunks(volumes: VolumeSet, { number, sizeBytes }: PairDefinition, chunkSize: number): number[] {
  const volume = volumes.get(number);
  const chunks = chunkCount(sizeBytes, chunkSize);
  const told = new Set<number>();
  const tell = (from: number): number => {
    const data = from < chunks ? volume.nextData(from * chunkSize, sizeBytes) : null;
    if (data === null) return chunks;
    const chunk = Math.floor(data.start / chunkSize);
    told.add(chunk);
    return chunk + 1;
  };
  for (let n = 0, from = 0; n < chunksOfEach; n += 1) from = tell(from);
  for (let n = 1; n < chunksOfEach; n += 1) tell(Math.floor((n * chunks) / chunksOfEach));
  return [...told].sort((a, b) => a - b);
}

/** What `read` gives; null where the source cannot be read there and that is passed over. */
function unlessUnread<T>(skipUnreadable: boolean, read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (skipUnreadable && error instanceof SitepairError && error.report.code === 'read-failed') return null;
    throw error;
  }
}

/** The sectors of a pair that hold data at the source now. */
function chosen({ sources, chunkSize, skipUnreadable }: Places, pair: PairDefinition): Witness[] {
  return tellingChunks(sources, pair, chunkSize).flatMap((chunk) => {
    const content = unlessUnread(skipUnreadable, () => readChunk(sources, pair, chunkSize, chunk));
    if (content === null) return [];
    const offsets = Array.from({ length: Math.ceil(content.length / sectorBytes) }, (_, n) => n * sectorBytes);
    return offsets
      .filter((offset) => !isBlank(content.subarray(offset, offset + sectorBytes)))
      .slice(0, sectorsOfChunk)
      .map((offset) => ({ at: chunk * chunkSize + offset, holds: [] }));
  });
}

function sectorAt(volumes: VolumeSet, { number, sizeBytes }: PairDefinition, at: number): Buffer {
  const sector = Buffer.alloc(Math.min(sectorBytes, sizeBytes - at));
  volumes.get(number).read(sector, at);
  return sector;
}

interface Places {
  sources: VolumeSet;
  targets: VolumeSet;
  chunkSize: number;
  skipUnreadable: boolean;
}

/** A pair's witnesses, with what its volumes hold there now: at the source, and before anything is overwritten. */
function witnessesOf(pair: PairDefinition, { witnesses, save }: ReceivingPair, places: Places): Witness[] {
  const { sources, targets, skipUnreadable } = places;
  const known = witnesses ?? [];
  const before = known.length === 0 && save === 'discard' ? [targets] : [];
  return (known.length === 0 ? chosen(places, pair) : known).map(({ at, holds }) => {
    const overwritten = before.map((volumes) => short(sectorAt(volumes, pair, at)));
    const coming = unlessUnread(skipUnreadable, () => short(sectorAt(sources, pair, at)));
    return { at, holds: [...new Set([...holds, ...overwritten, ...(coming === null ? [] : [coming])])] };
  });
}

/** Notes the witnesses of the attempt at hand durably. Called before its first write. */
export function noteWitnesses(store: GroupStore, sources: VolumeSet, targets: VolumeSet, now: Date): void {
  const { receiving, definition } = store.record;
  if (receiving?.pairs.every(({ save }) => save === 'journal') !== false) return;
  const skipUnreadable = receiving.skipUnreadable === true;
  const places = { sources, targets, chunkSize: definition.policy.chunkSizeBytes, skipUnreadable };
  const { pairs } = definitionAtWork(store.record);
  const opened = receiving.pairs.map((open) => {
    const pair = pairs.find(({ number }) => number === open.number);
    return open.save === 'journal' || pair === undefined
      ? open
      : { ...open, witnesses: witnessesOf(pair, open, places) };
  });
  store.update({ receiving: { ...receiving, pairs: opened } }, now);
}

export interface WitnessLook {
  volumes: VolumeSet;
  /** Called between chunks; throws to stop. */
  checkpoint: () => void;
}

/** How many chunks hold data, as far as it matters. */
function dataChunks({ volumes, checkpoint }: WitnessLook, pair: PairDefinition, chunkSize: number): number {
  let found = 0;
  const volume = volumes.get(pair.number);
  let data = volume.nextData(0, pair.sizeBytes);
  while (data !== null) {
    const chunk = Math.floor(data.start / chunkSize);
    checkpoint();
    if (!isBlank(readChunk(volumes, pair, chunkSize, chunk))) found += 1;
    if (found === strangersChunks) return found;
    const next = chunk * chunkSize + chunkLength(pair.sizeBytes, chunkSize, chunk);
    data = next < pair.sizeBytes ? volume.nextData(next, pair.sizeBytes) : null;
  }
  return found;
}

function byChunk(witnesses: readonly Witness[], chunkSize: number): Witness[][] {
  const chunks = new Map<number, Witness[]>();
  for (const witness of witnesses) {
    const chunk = Math.floor(witness.at / chunkSize);
    chunks.set(chunk, [...(chunks.get(chunk) ?? []), witness]);
  }
  return [...chunks.values()];
}

/** What the witnesses in one chunk tell; null where nothing was written there, or a power cut may have garbled it. */
function toldBy(witnesses: readonly Witness[], volumes: VolumeSet, pair: PairDefinition): keyof Tally | null {
  let strange = 0;
  for (const { at, holds } of witnesses) {
    const sector = sectorAt(volumes, pair, at);
    if (isBlank(sector)) continue;
    if (holds.includes(short(sector))) return 'fitting';
    strange += 1;
  }
  return strange > garbledSectors ? 'strange' : null;
}

/** What the witnesses tell of a pair's volume; where none speaks for it, what else it holds speaks against it. */
export function testimony(store: GroupStore, open: ReceivingPair, look: WitnessLook): Tally {
  const definition = definitionAtWork(store.record);
  const tally: Tally = { fitting: 0, strange: 0, empty: 0 };
  const pair = definition.pairs.find(({ number }) => number === open.number);
  if (pair === undefined) return tally;
  const { chunkSizeBytes } = definition.policy;
  for (const witnesses of byChunk(open.witnesses ?? [], chunkSizeBytes)) {
    look.checkpoint();
    const told = toldBy(witnesses, look.volumes, pair);
    if (told !== null) tally[told] += 1;
  }
  if (tally.fitting === 0 && open.save === 'blank') {
    tally.strange = Math.max(tally.strange, dataChunks(look, pair, chunkSizeBytes));
  }
  return tally;
}

/** A file that was made for the cycle may be gone again. */
function isGone({ created }: ReceivingPair, error: unknown): boolean {
  return created && error instanceof SitepairError && error.report.code === 'volume-lost';
}

/** Numbers of the pairs of which nothing was saved and at whose path there lies another volume. */
export function strangersUnsaved(store: GroupStore, look: WitnessLook): number[] {
  const unsaved =
    store.record.receiving?.pairs.filter(
      ({ save, number }) => save !== 'journal' && !look.volumes.without.has(number),
    ) ?? [];
  return unsaved
    .filter((open) => {
      try {
        return isAnother(testimony(store, open, look));
      } catch (error) {
        if (isGone(open, error)) return false;
        throw error;
      }
    })
    .map(({ number }) => number);
}

/** Throws `replica-changed` for the first of such pairs. */
export function assertNoStranger(store: GroupStore, strangers: readonly number[]): void {
  const { site } = store.record;
  const pair = definitionAtWork(store.record).pairs.find(({ number }) => strangers.includes(number));
  if (pair === undefined) return;
  const path = pair.paths[site];
  throw new SitepairError({
    code: 'replica-changed',
    message: `${path} holds nothing of what the open cycle wrote there, but other data: it is another volume; nothing was written to it.`,
    where: path,
    remedy: `Bring the volume of ${pair.id} back to that path, or say where it is now with group set --path; then try again. Where it is lost: rollback --accept replica-intact ends the cycle and leaves what lies there as it is.`,
  });
}
