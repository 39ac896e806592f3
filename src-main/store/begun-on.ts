/**
 * Whether volumes are those that a move between points was begun on. Nobody else may have changed them since, so each
 * chunk that the journals name holds what it held at one of the points, but for those that were being swapped; and each
 * other one what the digest maps say.
 */
import { SitepairError } from '../contract/errors.ts';
import { chunksToLookAt, tallyOf } from './as-mapped.ts';
import { digest } from './checksum.ts';
import { isBlank, isForeignOnTheWay, saidByRanges, withSaid, type Evidence, type Said } from './evidence.ts';
import type { GroupStore } from './group-store.ts';
import type { Side } from './journal-format.ts';
import { mergeJournals, type ChunkHistory, type Entry } from './journal-merge.ts';
import { journalsOfPoint, openJournals, type Journal } from './journal-reader.ts';
import { chunkIfReadable } from './overlay.ts';
import type { PairDefinition, PointKey } from './record.ts';
import { cutOffSwap, mendSegment, type CutOffSwap } from './scratch.ts';
import type { VolumeSet } from './volume-set.ts';
import { acceptForeign } from './ways-out.ts';

/** Chunks of a pair's volume that are looked at where no journal names them. */
const unnamedLookedAt = 64;

/**
 * Chunks that a move changes only where journals name them: what others hold, the maps of the point where it began
 * tell, or of the one that the volumes are at. Many of a volume must agree, as machines of one template have much in
 * common.
 */
class Unnamed {
  readonly #store: GroupStore;
  readonly #volumes: VolumeSet;
  readonly #point: PointKey | null;
  readonly #chunks = new Map<PairDefinition, Set<number>>();

  constructor(store: GroupStore, volumes: VolumeSet, pairs: readonly number[]) {
    const { definition, moving, position } = store.record;
    this.#store = store;
    this.#volumes = volumes;
    this.#point = moving?.from ?? position;
    if (this.#point === null) return;
    const look = { volumes, point: this.#point, parts: unnamedLookedAt };
    for (const pair of definition.pairs) {
      if (pairs.includes(pair.number)) this.#chunks.set(pair, new Set(chunksToLookAt(store, pair, look)));
    }
  }

  leaveOut(pair: PairDefinition, chunk: number): void {
    this.#chunks.get(pair)?.delete(chunk);
  }

  addTo(found: Map<number, Evidence>, checkpoint: () => void): void {
    for (const [pair, chunks] of this.#chunks) {
      if (this.#point === null || found.get(pair.number)?.fits === true) continue;
      const look = { volumes: this.#volumes, point: this.#point, checkpoint };
      const { fitting, strange, empty } = tallyOf(this.#store, pair, [...chunks], look);
      const range = { start: 0, end: pair.sizeBytes };
      const others = strange + empty;
      const told: Said[] = fitting > others ? ['fits'] : Array.from({ length: others }, () => 'other');
      for (const said of told) withSaid(found, { pair: pair.number }, said, range);
    }
  }
}

/** Of which pairs chunks are read: all that the journals name, or no more once one fits. */
interface Wanted {
  pairs: readonly number[];
  untilOneFits: boolean;
}

function isCutOff({ journal, place }: Entry, swap: CutOffSwap | null): boolean {
  return journal.name === swap?.journal && place.header.number === swap.number;
}

/** The digest that a chunk has while its entries are on these sides, and whether that is certain. */
function wantedOf({ entries }: ChunkHistory, sides: readonly Side[]): { wanted: Buffer; certain: boolean } {
  const first = sides.indexOf('new');
  const undone = entries[first];
  if (undone === undefined) return { wanted: (entries.at(-1) ?? entries[0]).record.newDigest, certain: true };
  const before = entries[first - 1]?.journal.identity;
  const { epoch, cycle } = undone.journal.identity;
  // Between two attempts of one cycle nobody knows what had reached the disk.
  const atPoint = before?.epoch !== epoch || before.cycle !== cycle;
  return { wanted: undone.record.oldDigest, certain: atPoint && !sides.includes('old', first) };
}

function saidByChunk(chunk: Buffer, history: ChunkHistory, swap: CutOffSwap | null): Said {
  const cutOff = history.entries.find((entry) => isCutOff(entry, swap));
  const sides = history.entries.map((entry) => (swap !== null && entry === cutOff ? swap.to : entry.place.header.side));
  const { wanted, certain } = wantedOf(history, sides);
  let said: Said = isBlank(chunk) ? 'nothing' : 'fits';
  if (swap !== null && cutOff !== undefined) {
    const { ranges, payloadOffset, payloadLength } = cutOff.record;
    const [saved, fresh] = [swap.saved, swap.payload].map((all) =>
      all.subarray(payloadOffset, payloadOffset + payloadLength),
    );
    if (saved === undefined || fresh === undefined) return 'uncertain';
    said = saidByRanges(chunk, ranges, [saved, fresh], true);
    // As it will be once the swap is finished.
    let at = 0;
    for (const { start, end } of ranges) {
      fresh.copy(chunk, start, at, at + end - start);
      at += end - start;
    }
  }
  if (digest(chunk).equals(wanted)) return said;
  return certain ? 'other' : 'uncertain';
}

function evidenceIn(
  store: GroupStore,
  journals: readonly Journal[],
  volumes: VolumeSet,
  wanted: Wanted,
  checkpoint: () => void,
): Map<number, Evidence> {
  const { definition, moving } = store.record;
  const size = definition.policy.chunkSizeBytes;
  const swap = moving === null ? null : cutOffSwap(store.disk, definition.id);
  const found = new Map<number, Evidence>();
  const unnamed = new Unnamed(store, volumes, wanted.pairs);
  for (const history of mergeJournals(journals)) {
    checkpoint();
    const pair = definition.pairs.find((one) => one.number === history.pair);
    if (pair === undefined || !wanted.pairs.includes(pair.number)) continue;
    unnamed.leaveOut(pair, history.chunk);
    if (wanted.untilOneFits && found.get(pair.number)?.fits === true) continue;
    // What cannot be read tells nothing; where it is to be written it is met again.
    const chunk = chunkIfReadable(volumes, pair, size, history.chunk, () => undefined);
    if (chunk === null) continue;
    const start = history.chunk * size;
    withSaid(found, history, saidByChunk(chunk, history, swap), { start, end: start + chunk.length });
  }
  unnamed.addTo(found, checkpoint);
  return found;
}

/**
 * What the journals of all points say of volumes of these pairs, which may lie elsewhere than the record says; of a
 * pair of which they name no chunk, nothing.
 */
export function evidenceOf(store: GroupStore, volumes: VolumeSet, pairs: readonly number[]): Map<number, Evidence> {
  const { definition, points, moving } = store.record;
  if (moving !== null) mendSegment(store.disk, definition.id);
  const wanted = points.flatMap((point) => journalsOfPoint(definition.id, point.undo));
  const journals = openJournals(store.disk, wanted);
  try {
    return evidenceIn(store, journals, volumes, { pairs, untilOneFits: false }, () => undefined);
  } finally {
    for (const journal of journals) journal.close();
  }
}

/**
 * The pairs, of these, at whose path there lies another volume than the one that the move was begun on; with what is
 * to be said of it. Where somebody changed the volume itself, that is met later.
 */
export function foreignOnTheWay(
  store: GroupStore,
  journals: readonly Journal[],
  volumes: VolumeSet,
  pairs: readonly number[],
  checkpoint: () => void,
): { pair: PairDefinition; error: SitepairError }[] {
  const { definition, site } = store.record;
  const evidence = evidenceIn(store, journals, volumes, { pairs, untilOneFits: true }, checkpoint);
  return definition.pairs.flatMap((pair) => {
    const found = evidence.get(pair.number);
    if (!found?.other || !isForeignOnTheWay(found)) return [];
    const where = `${pair.paths[site]} bytes ${found.other.start}-${found.other.end}`;
    const role = site === definition.primarySite ? 'primary' : 'recovery';
    const error = new SitepairError({
      code: 'replica-changed',
      message: `${pair.paths[site]} is not the volume that was being brought to another point: it holds nothing of what that one held (${where}); nothing was written.`,
      where,
      remedy: `Bring the volume of ${pair.id} back to that path, or say where it is now: sitepair group set ${definition.name} --path ${pair.id}:${role}=PATH; then go on. ${acceptForeign} and --accept replica-intact.`,
    });
    return [{ pair, error }];
  });
}

/**
 * Throws `replica-changed` where a move that has not begun would write another volume than the one that is at the
 * point: who accepts damage has not accepted that. Over an open cycle its rollback tells one.
 */
export function assertOwnVolumes(
  store: GroupStore,
  journals: readonly Journal[],
  volumes: VolumeSet,
  checkpoint: () => void,
): void {
  const { moving, receiving, definition } = store.record;
  if (moving !== null || receiving !== null) return;
  const pairs = definition.pairs.map(({ number }) => number);
  const [first] = foreignOnTheWay(store, journals, volumes, pairs, checkpoint);
  if (first !== undefined) throw first.error;
}
