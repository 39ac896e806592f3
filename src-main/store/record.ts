/**
 * The record of one group in one store: ownership, epoch and lineage, phase, points, and what is under way. It is one
 * small piece of JSON in preallocated slots, so every change of it is atomic and durable, and only it makes a point
 * exist.
 */
import { z } from 'zod';
import {
  consistencySchema,
  pointKindSchema,
  pointStateSchema,
  policySchema,
  quietHoursSchema,
} from '../contract/groups.ts';
import { phaseSchema, siteLetterSchema } from '../contract/phases.ts';

const natural = z.number().int().nonnegative();

export const machineSchema = z.object({ id: z.string(), name: z.string() });
/** The machine that may write a site's volumes. */
export type Machine = z.infer<typeof machineSchema>;

export const pairDefinitionSchema = z.object({
  /** Never used twice in a group; what journals and maps carry. */
  number: natural,
  id: z.string(),
  /** The logical size: the source's at the seed, bytes. */
  sizeBytes: natural,
  paths: z.object({ A: z.string(), B: z.string() }),
});
export type PairDefinition = z.infer<typeof pairDefinitionSchema>;

export const joiningPairSchema = pairDefinitionSchema.extend({
  /** The site whose volume is copied: where production was when the pair was added. */
  source: siteLetterSchema,
  /** What may become of what its target holds: nothing, so that it must be blank; saved first; or lost. */
  held: z.enum(['refuse', 'save', 'discard']),
});
/** A pair that was added and not copied yet: no point has it, and nothing is written to its volumes before a cycle. */
export type JoiningPair = z.infer<typeof joiningPairSchema>;

/**
 * Records that were written before there was a scheduler lack what it goes by: nothing then begins by itself. Those
 * before reasons could be wanted want none.
 */
const storedPolicySchema = policySchema.extend({
  scheduled: z.boolean().default(false),
  quietHours: z.array(quietHoursSchema).default([]),
  reasonRequired: z.boolean().default(false),
});

export const groupDefinitionSchema = z.object({
  /** 32 hexadecimal digits. */
  id: z.string().regex(/^[0-9a-f]{32}$/),
  name: z.string(),
  /** Rises with every change of the definition; the higher one is the newer. */
  version: natural,
  siteNames: z.object({ A: z.string(), B: z.string() }),
  primarySite: siteLetterSchema,
  pairs: z.array(pairDefinitionSchema),
  /** They become pairs with the point of the cycle that copies them; see pairs.ts. */
  joining: z.array(joiningPairSchema).default([]),
  /** The highest number that a pair was given, those included that were taken out since; 0 where none was. */
  lastNumber: natural.default(0),
  policy: storedPolicySchema,
});
export type GroupDefinition = z.infer<typeof groupDefinitionSchema>;

/** A point's place in the order of all points: by epoch, then cycle, never by time. */
export const pointKeySchema = z.object({ epoch: natural, cycle: natural });
export type PointKey = z.infer<typeof pointKeySchema>;

export const journalReferenceSchema = z.object({
  epoch: natural,
  cycle: natural,
  attempt: natural,
  lane: natural,
  segments: natural,
  /** Bytes of old content. */
  bytes: natural,
});
export type JournalReference = z.infer<typeof journalReferenceSchema>;

/** What could not be read of a pair's source for a point: there it holds what the replica held before. */
export const unreadOfPairSchema = z.object({
  number: natural,
  /** How many ranges, and how many bytes, all together. */
  ranges: natural,
  bytes: natural,
  /** The first of the ranges, ascending; bytes. */
  first: z.array(z.object({ offset: natural, length: natural })),
});
export type UnreadOfPair = z.infer<typeof unreadOfPairSchema>;

export const storedPointSchema = pointKeySchema.extend({
  at: z.string(),
  kind: pointKindSchema,
  consistency: consistencySchema,
  state: pointStateSchema,
  /** Numbers of the pairs that it does not have. */
  lacks: z.array(natural),
  /** The journals that lead from this point back to the one before it, oldest first. */
  undo: z.array(journalReferenceSchema),
  /** Pairs that were smaller then, with their logical size, bytes. */
  shorter: z.array(z.object({ number: natural, sizeBytes: natural })).optional(),
  /** Pairs of which not all could be read, by the operator's word; such a point is incomplete for good. */
  unread: z.array(unreadOfPairSchema).optional(),
});
export type StoredPoint = z.infer<typeof storedPointSchema>;

/** What a sector is going to hold, or held before: one that does is a sign of the volume. */
const witnessSchema = z.object({
  /** Offset of the sector, bytes. */
  at: natural,
  /** The beginnings of its digests. */
  holds: z.array(z.string()),
});
export type Witness = z.infer<typeof witnessSchema>;

export const receivingPairSchema = z.object({
  number: natural,
  /** What happens to the old content: into the journal; blank, so nothing to save; discarded by the operator's word. */
  save: z.enum(['journal', 'blank', 'discard']),
  /** Whether the target file was made for this cycle, and goes again when it is rolled back. */
  created: z.boolean(),
  /** The logical size from this cycle's point on, bytes; only where its source has grown. */
  sizeBytes: natural.optional(),
  /** Where nothing is journalled: what tells the volume from others. Durable before the first write. */
  witnesses: z.array(witnessSchema).optional(),
});
export type ReceivingPair = z.infer<typeof receivingPairSchema>;

export const receivingSchema = pointKeySchema.extend({
  kind: z.enum(['seed', 'cycle', 'reprotect', 'undo', 'repair']),
  /** How often it was begun; journals of an attempt carry its number. */
  attempts: natural,
  /** How many journals each attempt made, one a lane, before anything was written: none of them may be missing. */
  journals: z.array(natural),
  startedAt: z.string(),
  /** A flush failed in it: what the volumes read as may not be on the disk, so that it can only be rolled back. */
  flushFailed: z.boolean(),
  pairs: z.array(receivingPairSchema),
  /** The last cycle of a planned failover, which has to be started anew once it was cut off here. */
  planned: z.literal(true).optional(),
  /** What cannot be read of the source is passed over, by the operator's word. */
  skipUnreadable: z.literal(true).optional(),
});
/** The open cycle. */
export type Receiving = z.infer<typeof receivingSchema>;

export const promotionSchema = z.object({
  epoch: natural,
  /** Random, so that two promotions that do not know of each other can never be taken for one. */
  id: z.string(),
  site: siteLetterSchema,
  point: pointKeySchema.nullable(),
  /** What kind of point that is, which its record may not tell any more; left out where it is none of its points. */
  kind: pointKindSchema.optional(),
  at: z.string(),
  why: z.enum(['protect', 'failover', 'planned-failover', 'change-point', 'undo', 'take-over', 'keep', 'store-lost']),
});
export type Promotion = z.infer<typeof promotionSchema>;

export const writeMarksSchema = z.object({
  /** The point that the volumes were at; null where they were as production left them. */
  point: pointKeySchema.nullable(),
  /** By pair id. */
  pairs: z.record(z.string(), z.object({ attachment: z.string().nullable(), writes: z.string() })),
});
export type WriteMarks = z.infer<typeof writeMarksSchema>;

export const siteRecordSchema = z.object({
  format: z.literal(1),
  /** Rises with every write of this record. */
  serial: natural,
  at: z.string(),
  definition: groupDefinitionSchema,
  site: siteLetterSchema,
  machine: machineSchema,
  role: z.enum(['none', 'production', 'replica', 'superseded']),
  epoch: natural,
  lineage: z.array(promotionSchema),
  phase: phaseSchema,
  /** Rises with every change of phase at either site; of two records of one lineage the higher tells the phase. */
  phaseSerial: natural,
  activeSite: siteLetterSchema.nullable(),
  /** The side that holds the replica, or that the operation at hand writes; null before the first protect. */
  replicaSite: siteLetterSchema.nullable(),
  /** The last cycle number given out; numbers are never used twice. */
  counter: natural,
  receiving: receivingSchema.nullable(),
  /** Oldest first. */
  points: z.array(storedPointSchema),
  /** The point that the volumes are at; its digest maps are the ones in the folder. */
  position: pointKeySchema.nullable(),
  /** Where the volumes are being brought, while a change of point is under way. */
  moving: z
    .object({
      from: pointKeySchema,
      to: pointKeySchema,
      /**
       * The oldest and the newest point that it has led towards: beyond them all journals are as they were, and where
       * both are `from`, nothing was written yet.
       */
      oldest: pointKeySchema,
      newest: pointKeySchema,
    })
    .nullable(),
  /** A promotion that was begun: the epoch is raised before its first write. */
  promoting: z
    .object({
      promotion: promotionSchema,
      planned: z.boolean(),
      from: phaseSchema,
      /** Whether production's version is set aside, or brought back, before the volumes go to the point. */
      swap: z.enum(['set-aside', 'bring-back']).nullable(),
    })
    .nullable(),
  /** Whether reflink clones of the promoted volumes keep the point that they were promoted at. */
  promotedClones: z.boolean(),
  /** The points `before-change`: production's versions, kept beside the volumes when the point was changed. */
  beforeChange: z.array(pointKeySchema.extend({ at: z.string() })),
  /**
   * Pairs whose volume got another path while production was not there, with the path that they had: whether it is the
   * volume that production left is not known.
   */
  movedPairs: z.array(z.object({ number: natural, from: z.string() })).default([]),
  /** Which devices the site's volumes are, and at which paths they were that; files have no identity. */
  identities: z.array(z.object({ number: natural, path: z.string(), identity: z.string() })).default([]),
  /** Files beside the volumes that are not needed any more, and may not be removed yet. */
  leftovers: z.array(z.string()).default([]),
  /** Where an interrupted undo returns to when it is rolled back. */
  undoingFrom: phaseSchema.nullable(),
  /** A cycle whose zeros are not yet punched to holes. */
  punch: pointKeySchema.nullable(),
  /** The least serial that the other site's record must have; a lower one is an old copy. */
  twinSerial: natural,
  /** Whether the other site's volumes might hold a mix of two states when its record, which can be lost, last told. */
  twinMixed: z.boolean(),
  /** What the volumes' write marks were when they were last left in a known state; null where that was not kept. */
  marks: writeMarksSchema.nullable(),
  /** Whether the hook after a cycle is owed: a kill came between. */
  afterCycleDue: z.boolean(),
  /** Whether the replica must be verified before it is called mirrored. */
  doubtful: z.boolean(),
  /** Whether the volumes are half-way between two states, and what would lead them out of it is lost. */
  incomplete: z.boolean(),
});
export type SiteRecord = z.infer<typeof siteRecordSchema>;

/** Negative where `a` is older. */
export function comparePoints(a: PointKey, b: PointKey): number {
  return a.epoch - b.epoch || a.cycle - b.cycle;
}

export function samePoint(a: PointKey | null, b: PointKey | null): boolean {
  return a !== null && b !== null && comparePoints(a, b) === 0;
}

/** A point's id as the operator sees it: "2.17". */
export function pointId(point: PointKey): string {
  return `${point.epoch}.${point.cycle}`;
}

/** Bytes of chunk `chunk` of a volume of `sizeBytes`. */
export function chunkLength(sizeBytes: number, chunkSize: number, chunk: number): number {
  return Math.max(0, Math.min(chunkSize, sizeBytes - chunk * chunkSize));
}

export function chunkCount(sizeBytes: number, chunkSize: number): number {
  return Math.ceil(sizeBytes / chunkSize);
}
