/** Files with what one side held: what lies in one, and putting it onto a copy. */
import { z } from 'zod';
import { extentSchema } from './comparison.ts';
import { siteRoleSchema } from './phases.ts';

export const salvageListingSchema = z.object({
  file: z.string(),
  fileBytes: z.number(),
  groupName: z.string(),
  /** Whose chunks they are. */
  site: siteRoleSchema,
  siteName: z.string(),
  /** The last point that both sides had; null where none was known. */
  basePoint: z.string().nullable(),
  at: z.iso.datetime(),
  pairs: z.array(
    z.object({
      pairId: z.string(),
      /** Where the volume lay. */
      path: z.string(),
      sizeBytes: z.number(),
      saved: extentSchema,
      /** The first ranges, ascending; bytes. */
      ranges: z.array(z.object({ offset: z.number(), length: z.number() })),
      rangesInAll: z.number(),
    }),
  ),
});
export type SalvageListing = z.infer<typeof salvageListingSchema>;

export const salvageApplySchema = z.object({ file: z.string(), pairId: z.string(), copy: z.string() });
export type SalvageApply = z.infer<typeof salvageApplySchema>;
