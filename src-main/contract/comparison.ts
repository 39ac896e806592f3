/** What a comparison of both sides of a group found: what changed where since the last point that both had. */
import { z } from 'zod';
import { siteRoleSchema } from './phases.ts';

/**
 * What can be said of a chunk: as the common point had it, at both sides; changed at one side only; changed at both,
 * to different content; equal now, though not as the point had it (or that is not known); different, and nothing tells
 * who changed it.
 */
export const comparedKinds = ['unchanged', 'onlyPrimary', 'onlyRecovery', 'both', 'same', 'unknown'] as const;
export type ComparedKind = (typeof comparedKinds)[number];

/** How many chunks, and how many bytes of the volume they cover. */
export const extentSchema = z.object({ chunks: z.number(), bytes: z.number() });
export type Extent = z.infer<typeof extentSchema>;

export const comparedCountsSchema = z.object({
  unchanged: extentSchema,
  onlyPrimary: extentSchema,
  onlyRecovery: extentSchema,
  both: extentSchema,
  same: extentSchema,
  unknown: extentSchema,
  /**
   * Of what the old side changed: what it holds as a newer point had it, which the failover to an older one left out.
   */
  leftOut: extentSchema,
});
export type ComparedCounts = z.infer<typeof comparedCountsSchema>;

/**
 * What a cell of one side's row can be; of several chunks in a cell the one furthest on in this list is shown.
 * `conflict`: changed at both sides, to different content.
 */
export const sideCellStates = ['hole', 'unchanged', 'same', 'changed', 'conflict', 'unknown'] as const;
export type SideCellState = (typeof sideCellStates)[number];

export const sidesMapSchema = z.object({
  /** One character a cell, in the order of the volume: the place in `sideCellStates`. */
  primary: z.string(),
  recovery: z.string(),
  /** Bytes of the volume that a cell stands for (the last may stand for fewer). */
  bytesPerCell: z.number(),
});
export type SidesMap = z.infer<typeof sidesMapSchema>;

export const comparedPairSchema = comparedCountsSchema.extend({
  pairId: z.string(),
  primaryPath: z.string(),
  recoveryPath: z.string(),
  sizeBytes: z.number(),
  /** The first ranges that are not unchanged, ascending; bytes. */
  ranges: z.array(z.object({ offset: z.number(), length: z.number(), kind: z.enum(comparedKinds) })),
  rangesInAll: z.number(),
  map: sidesMapSchema,
});
export type ComparedPair = z.infer<typeof comparedPairSchema>;

/** What is lost where one side is kept, which is what the other one holds of its own. */
export const sideChoiceSchema = z.object({
  keeps: siteRoleSchema,
  /** How: the undo of the failover, commit and reprotect, or, where both sides were promoted, the operator's word. */
  by: z.enum(['undo', 'reprotect', 'keep']),
  /** What the other side changed, at chunks that differ now. */
  loses: extentSchema,
  /** What differs, though it is not known who changed it: at most so much more. */
  maybe: extentSchema,
  /** All of it in words, one sentence each. */
  said: z.array(z.string()),
});
export type SideChoice = z.infer<typeof sideChoiceSchema>;

/** What was saved of a side's chunks that differ. */
export const salvageSchema = z.object({
  file: z.string(),
  site: siteRoleSchema,
  saved: extentSchema,
  fileBytes: z.number(),
  /** BLAKE3 of the whole file but for its end, 64 hexadecimal digits. */
  digest: z.string(),
});
export type Salvage = z.infer<typeof salvageSchema>;

export const comparisonSchema = z.object({
  /** The last point that both sides had; null where none is known, and then nothing tells who changed what. */
  basis: z.object({ point: z.string().nullable(), said: z.string() }),
  pairs: z.array(comparedPairSchema),
  total: comparedCountsSchema,
  choices: z.array(sideChoiceSchema),
  salvage: salvageSchema.optional(),
});
export type Comparison = z.infer<typeof comparisonSchema>;
