/**
 * What this machine's catalog knows of a group: enough to find its stores. The stores are the truth about everything
 * else.
 */
import { z } from 'zod';
import type { SiteLetter } from '../contract/phases.ts';
import { groupDefinitionSchema } from '../store/record.ts';

export const storeSightSchema = z.object({ serial: z.number(), at: z.string() });
/** What was last seen of a store: an older one that is met later is an old copy. */
export type StoreSight = z.infer<typeof storeSightSchema>;

export const lastSeenSchema = z.object({ A: storeSightSchema.nullable(), B: storeSightSchema.nullable() });
export type LastSeen = z.infer<typeof lastSeenSchema>;

export const registrationSchema = z.object({
  /** As it was when it was last seen; the stores may know a newer one. */
  definition: groupDefinitionSchema,
  /** The stores' directories, null where not known yet; the group's folder in each carries its name. */
  storePaths: z.object({ A: z.string().nullable(), B: z.string().nullable() }),
  lastSeen: lastSeenSchema,
  /**
   * The commands that were given or confirmed on this machine. Others came with a store, where whoever may write to it
   * can put them: they are off.
   */
  confirmedCommands: z.array(z.string()),
});
export type Registration = z.infer<typeof registrationSchema>;

export const sites: readonly SiteLetter[] = ['A', 'B'];
