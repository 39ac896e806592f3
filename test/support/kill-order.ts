/** What a process that is to be killed is told through its environment. */
import { z } from 'zod';

export const killVariable = 'SITEPAIR_TEST_KILL';

export const killOrderSchema = z.object({
  /** Which files count: a regular expression on their paths. */
  files: z.string(),
  /** The change before which the process is killed, from 1. */
  nth: z.number().int().positive(),
  /** A file of which every change so far is a byte. */
  counter: z.string(),
});
