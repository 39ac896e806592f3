/** Volumes that lie beside protected ones and that no group has. */
import { z } from 'zod';

/** Why nobody need be told of such a volume any more. */
export const dismissalSchema = z.object({
  reason: z.string(),
  operator: z.string(),
  at: z.iso.datetime(),
});
export type Dismissal = z.infer<typeof dismissalSchema>;

export const unprotectedVolumeSchema = z.object({
  path: z.string(),
  /** Bytes; null where it does not tell. */
  sizeBytes: z.number().nullable(),
  /** The groups beside whose volumes it lies, and at which site. */
  beside: z.array(z.object({ group: z.string(), site: z.string() })),
  dismissed: dismissalSchema.nullable(),
});
export type UnprotectedVolume = z.infer<typeof unprotectedVolumeSchema>;

export const unprotectedListSchema = z.object({
  volumes: z.array(unprotectedVolumeSchema),
  /** Groups beside whose volumes nothing could be looked at, with the reason; one sentence each. */
  unseen: z.array(z.string()),
});
export type UnprotectedList = z.infer<typeof unprotectedListSchema>;

export const dismissSchema = z.object({
  path: z.string(),
  /** Why it needs no protection, in the operator's words. */
  reason: z.string().trim().min(1).max(500),
});
