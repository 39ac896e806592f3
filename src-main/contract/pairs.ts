/** Pairs that are added to a group that is protected, or taken out of it. Paths are absolute. */
import { z } from 'zod';
import { errorReportSchema } from './error-report.ts';

/** `group add-pair`. */
export const pairAddSchema = z.object({
  name: z.string(),
  /** The volume at the site where production is. */
  source: z.string(),
  /** Its counterpart at the other site: a volume, or a path where nothing is, so that a file is made. */
  target: z.string(),
  /** What the pair is called; left out: pair-N. */
  id: z.string().optional(),
  /** What becomes of data that the target holds: it is refused, saved in the undo journal first, or lost. */
  held: z.enum(['refuse', 'save', 'discard']),
  /** The group's name, typed by the operator: wanted where the target may be overwritten. */
  confirm: z.string().optional(),
});
export type PairAdd = z.infer<typeof pairAddSchema>;

/** `group remove-pair`. */
export const pairRemoveSchema = z.object({
  name: z.string(),
  pairId: z.string(),
  /** The group's name, typed by the operator: wanted where points hold something of the pair. */
  confirm: z.string().optional(),
});
export type PairRemove = z.infer<typeof pairRemoveSchema>;

export const pairChangeSchema = z.union([
  pairAddSchema.extend({ change: z.literal('add') }),
  pairRemoveSchema.extend({ change: z.literal('remove') }),
]);
export type PairChange = z.infer<typeof pairChangeSchema>;

/** What such a change comes to, before anything is changed. */
export const pairOutlookSchema = z.object({
  /** What stands against it; none where it may be done. */
  objections: z.array(errorReportSchema),
  /** What will be copied, lost or left; one sentence each. */
  consequences: z.array(z.string()),
  /** Whether the group's name has to be typed. */
  wantsConfirmation: z.boolean(),
});
export type PairOutlook = z.infer<typeof pairOutlookSchema>;
