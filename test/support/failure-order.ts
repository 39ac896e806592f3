/** What a process whose system calls are to fail is told through its environment. */
import { z } from 'zod';

export const failureVariable = 'SITEPAIR_TEST_FAILURE';

export const failureOrderSchema = z.object({
  /** Which files count: a regular expression on their paths. */
  files: z.string(),
  call: z.enum(['write', 'flush', 'read']),
  /** The first call that fails, from 1. */
  nth: z.number().int().positive(),
  /** Whether all later ones fail too. */
  forGood: z.boolean(),
  /** A file of which every call so far is a byte. */
  counter: z.string(),
});
export type FailureOrder = z.infer<typeof failureOrderSchema>;
