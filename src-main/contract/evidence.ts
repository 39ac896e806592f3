/** What can be written to a file for people without Sitepair: reports, the runbook, the audit log. */
import { z } from 'zod';

export const evidenceSchema = z.discriminatedUnion('kind', [
  /** The report of one run. */
  z.object({ kind: z.literal('run'), id: z.string() }),
  /** The report of one run of a failover plan over its groups. */
  z.object({ kind: z.literal('plan-run'), id: z.string() }),
  /** How often production was moved, how long it took and what was lost. */
  z.object({ kind: z.literal('history'), group: z.string() }),
  z.object({ kind: z.literal('runbook'), group: z.string() }),
  /** The whole audit log, one JSON object a line, for a check without Sitepair. */
  z.object({ kind: z.literal('audit') }),
]);
export type Evidence = z.infer<typeof evidenceSchema>;

/** `file` is absolute and new; its ending says whether a page becomes HTML or PDF. */
export const evidenceRequestSchema = z.object({ of: evidenceSchema, file: z.string() });
export type EvidenceRequest = z.infer<typeof evidenceRequestSchema>;

/** What was written. */
export const writtenSchema = z.object({
  file: z.string(),
  sizeBytes: z.number(),
  /** Only of an audit log that is broken, which is written all the same: how, as a sentence. */
  broken: z.string().optional(),
});
export type Written = z.infer<typeof writtenSchema>;
