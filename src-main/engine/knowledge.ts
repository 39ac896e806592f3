/**
 * What is known of the chunks of a strip, packed so that it can be handed to another thread without copying: one state
 * byte and 32 bytes of BLAKE3 a chunk.
 */

export const digestLength = 32;

/** What is known of one chunk of the replica before it is looked at. */
export const chunkState = {
  /** Nothing: both sides are read and compared byte for byte. */
  unknown: 0,
  /** All zeros. */
  blank: 1,
  /** It has a digest. */
  digest: 2,
  /** Nothing, and the open journal names it already: it gets a record whether it differs or not. */
  touched: 3,
} as const;
export type ChunkState = (typeof chunkState)[keyof typeof chunkState];

export interface Knowledge {
  states: Uint8Array<ArrayBuffer>;
  digests: Uint8Array<ArrayBuffer>;
}

export function emptyKnowledge(chunks: number): Knowledge {
  return { states: new Uint8Array(chunks), digests: new Uint8Array(chunks * digestLength) };
}

/** The digest of chunk `index` of the strip, as a view. */
export function digestOf(knowledge: Knowledge, index: number): Buffer {
  const { digests } = knowledge;
  return Buffer.from(digests.buffer, digests.byteOffset + index * digestLength, digestLength);
}

export function setKnown(knowledge: Knowledge, index: number, state: ChunkState, digest?: Buffer): void {
  knowledge.states[index] = state;
  if (digest !== undefined) knowledge.digests.set(digest, index * digestLength);
}
