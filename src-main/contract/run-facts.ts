/** What stood when a run began and when it ended, kept with it: what its report rests on, whatever is changed later. */
import { z } from 'zod';
import { consistencySchema, pointKindSchema, unreadSchema } from './groups.ts';
import { shownPhaseSchema, siteRoleSchema } from './phases.ts';

const stoodSchema = z.object({
  phase: shownPhaseSchema,
  /** The site in production; null where it was not known. */
  activeSite: siteRoleSchema.nullable(),
});

export const runFactsSchema = z.object({
  /** The machine that carried it out. */
  machine: z.string(),
  sites: z.object({ primary: z.string(), recovery: z.string() }),
  before: stoodSchema,
  after: stoodSchema,
  pairs: z.array(
    z.object({ id: z.string(), primaryPath: z.string(), recoveryPath: z.string(), sizeBytes: z.number() }),
  ),
  /** The point that the run made, or that production was brought to. */
  point: z
    .object({
      id: z.string(),
      at: z.iso.datetime(),
      kind: pointKindSchema,
      consistency: consistencySchema,
      unread: unreadSchema.optional(),
      site: siteRoleSchema,
      /** BLAKE3 of each pair's digest map at the point, as hexadecimal digits: the same map, the same content. */
      digests: z.array(z.object({ pairId: z.string(), digest: z.string() })),
    })
    .optional(),
});
export type RunFacts = z.infer<typeof runFactsSchema>;
