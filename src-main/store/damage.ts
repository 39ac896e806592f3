/** What an open cycle can no longer be rolled back to, because somebody else wrote there or journals are damaged. */
import { SitepairError } from '../contract/errors.ts';
import { journalsOfCycle } from './cycle.ts';
import { isForeign, saidByJournalled, withSaid, type Evidence } from './evidence.ts';
import type { GroupStore } from './group-store.ts';
import { mergeJournals, type ChunkHistory } from './journal-merge.ts';
import type { Journal } from './journal-reader.ts';
import { salvageJournals } from './journal-salvage.ts';
import { fits, newestFirst, readChunkAround } from './overlay.ts';
import { definitionAtWork } from './pairs.ts';
import type { PairDefinition } from './record.ts';
import type { VolumeSet } from './volume-set.ts';
import { acceptDamage, acceptForeign, otherVolume, putBackAround, storeAnew } from './ways-out.ts';

/** The pair that a journal names. Throws `store-damaged` where the group does not have it. */
export function pairOf(store: GroupStore, number: number): PairDefinition {
  const pair = definitionAtWork(store.record).pairs.find((one) => one.number === number);
  if (pair !== undefined) return pair;
  throw new SitepairError({
    code: 'store-damaged',
    message: `An undo journal in ${store.disk.path} names pair number ${number}, which the group does not have; nothing was undone.`,
    where: store.disk.path,
    remedy: storeAnew,
  });
}

interface DamagedRange {
  pair: number;
  /** Bytes. */
  offset: number;
  length: number;
  /** Where the volume could not be read there. */
  unreadable?: true;
}

/** What a rollback cannot bring back to what it was. */
export interface Damage {
  /** Chunks that somebody else wrote to where nothing was saved, and what of others could not be read there. */
  chunks: DamagedRange[];
  /** What damaged journals lack, as half sentences; the chunks that those would have restored are not known. */
  journals: string[];
  /** What the journalled chunks say of the volumes, by the pair's number: whether the cycle was begun on them. */
  evidence: ReadonlyMap<number, Evidence>;
}

export function isDamage({ chunks, journals, evidence }: Damage): boolean {
  return chunks.length + journals.length > 0 || [...evidence.values()].some(isForeign);
}

export interface Looking {
  volumes: VolumeSet;
  /** Called between chunks; throws to stop. */
  checkpoint: () => void;
}

/** Adds what one chunk says, and gives what it holds. One that cannot be read whole says nothing of its volume. */
function addEvidence(
  store: GroupStore,
  { volumes, checkpoint }: Looking,
  history: ChunkHistory,
  evidence: Map<number, Evidence>,
): ReturnType<typeof readChunkAround> {
  const { chunkSizeBytes } = store.record.definition.policy;
  const chunk = readChunkAround(volumes, pairOf(store, history.pair), chunkSizeBytes, history.chunk, checkpoint);
  const start = history.chunk * chunkSizeBytes;
  const said = chunk.unread.length > 0 ? 'nothing' : saidByJournalled(chunk.content, history);
  withSaid(evidence, history, said, { start, end: start + chunk.content.length });
  return chunk;
}

/**
 * The journalled chunks which, with their old content put back, have not their old digest. `evidence` is added to from
 * all of them.
 */
function* unrestorable(
  store: GroupStore,
  journals: readonly Journal[],
  options: Looking,
  evidence: Map<number, Evidence>,
): Generator<Damage['chunks'][number]> {
  const { chunkSizeBytes } = store.record.definition.policy;
  for (const history of mergeJournals(journals)) {
    options.checkpoint();
    if (options.volumes.without.has(history.pair)) continue;
    const { content, unread } = addEvidence(store, options, history, evidence);
    // What cannot be read and was saved is put back, which makes it readable where the disk still can.
    if (fits(content, newestFirst(history), history.entries[0].record.oldDigest)) continue;
    const { pair, chunk } = history;
    const offset = chunk * chunkSizeBytes;
    if (unread.length === 0) yield { pair, offset, length: content.length };
    for (const { start, end } of unread) yield { pair, offset: offset + start, length: end - start, unreadable: true };
  }
}

/** Throws `replica-changed` where a volume is a foreign one: nothing is put back over that. */
export function assertNotForeign(store: GroupStore, evidence: ReadonlyMap<number, Evidence>): void {
  for (const [number, found] of evidence) {
    if (!isForeign(found)) continue;
    throw foreignVolume(store, pairOf(store, number), found, {
      undone: 'nothing was rolled back',
      remedy: `then try again. ${acceptForeign} and --accept replica-intact: what can be is put back over it, and the points are marked damaged.`,
    });
  }
}

/**
 * Throws `replica-changed` where a chunk cannot be brought back to what it was, or where a volume is a foreign one, as
 * no single chunk shows if each was overwritten whole.
 */
export function assertRestorable(store: GroupStore, journals: readonly Journal[], options: Looking): void {
  const evidence = new Map<number, Evidence>();
  const [first] = [...unrestorable(store, journals, options, evidence)];
  assertNotForeign(store, evidence);
  if (first !== undefined) {
    const { pair, offset, length, unreadable } = first;
    const path = pairOf(store, pair).paths[store.record.site];
    if (unreadable) throw unreadableBlock(store, first, 'nothing was rolled back');
    throw new SitepairError({
      code: 'replica-changed',
      message: `The replica ${path} was changed by somebody else at bytes ${offset} to ${offset + length}; nothing was rolled back.`,
      where: `${path} bytes ${offset}-${offset + length}`,
      remedy: `${otherVolume} Else find out what wrote to it; then resume, which goes on to the new point and gives up those before it: they are marked damaged. ${acceptDamage}`,
    });
  }
}

function unreadableBlock(store: GroupStore, { pair, offset, length }: DamagedRange, undone: string): SitepairError {
  const path = pairOf(store, pair).paths[store.record.site];
  return new SitepairError({
    code: 'read-failed',
    message: `The replica ${path} cannot be read at bytes ${offset} to ${offset + length}, where the open cycle saved nothing; ${undone}.`,
    where: `${path} bytes ${offset}-${offset + length}`,
    remedy: `Its disk is failing there. ${putBackAround}`,
  });
}

function foreignVolume(
  store: GroupStore,
  pair: PairDefinition,
  { others }: Evidence,
  says: { undone: string; remedy: string },
): SitepairError {
  const path = pair.paths[store.record.site];
  return new SitepairError({
    code: 'replica-changed',
    message: `The replica ${path} holds nothing of what the open cycle saved or wrote there, in ${others} chunks: it is another volume, or somebody else has written all over it; ${says.undone}.`,
    where: path,
    remedy: `Bring the volume of ${pair.id} back to that path, or say where it is now with group set --path; ${says.remedy}`,
  });
}

/** The pairs at whose path there can be no other than a foreign volume. Of each, chunks are read until one fits. */
export function foreignInCycle(store: GroupStore, options: Looking): { pair: PairDefinition; others: number }[] {
  const { receiving, definition } = store.record;
  if (receiving === null) return [];
  const evidence = new Map<number, Evidence>();
  // Damaged journals are met when they are needed.
  const { journals } = salvageJournals(store.disk, journalsOfCycle(definition.id, receiving));
  try {
    for (const history of mergeJournals(journals)) {
      options.checkpoint();
      if (evidence.get(history.pair)?.fits === true) continue;
      addEvidence(store, options, history, evidence);
    }
  } finally {
    for (const journal of journals) journal.close();
  }
  return [...evidence].flatMap(([number, found]) =>
    isForeign(found) ? [{ pair: pairOf(store, number), others: found.others }] : [],
  );
}

/** What stands against going on with the open cycle on the word of the digest maps. */
export interface Doubt {
  /** A volume holds nothing of what the cycle saved or wrote there: all is compared. */
  compareAll: boolean;
  /** Chunks that the cycle can no longer be rolled back to: what is gone on with does not lead to the points before. */
  chunks: Damage['chunks'];
}

/**
 * What is to be known before the open cycle is gone on with. Throws `replica-changed` where a volume can be no other
 * than a foreign one, unless the operator accepts that it is overwritten; `read-failed` where blocks cannot be read
 * that the cycle did not save, as it has to compare them.
 */
export function doubtOfCycle(store: GroupStore, options: Looking & { foreignAccepted: boolean }): Doubt {
  const { chunks, evidence } = damageOf(store, options);
  const unread = chunks.find(({ unreadable }) => unreadable);
  if (unread !== undefined) throw unreadableBlock(store, unread, 'nothing was written to it');
  for (const [number, found] of evidence) {
    if (options.foreignAccepted || !isForeign(found)) continue;
    throw foreignVolume(store, pairOf(store, number), found, {
      undone: 'nothing was written to it',
      remedy: `then resume. ${acceptForeign}: resume compares and overwrites all of it, and marks the points before as damaged.`,
    });
  }
  return { compareAll: [...evidence.values()].some(({ fits: own, other }) => !own && other !== null), chunks };
}

/** What rolling the open cycle back could not restore; reads only. Without an open cycle that is nothing. */
export function damageOf(store: GroupStore, options: Looking): Damage {
  const { receiving, definition } = store.record;
  const evidence = new Map<number, Evidence>();
  if (receiving === null) return { chunks: [], journals: [], evidence };
  const { journals, lacking } = salvageJournals(store.disk, journalsOfCycle(definition.id, receiving));
  try {
    return { chunks: [...unrestorable(store, journals, options, evidence)], journals: lacking, evidence };
  } finally {
    for (const journal of journals) journal.close();
  }
}
