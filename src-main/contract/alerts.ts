/** What is told of targets: that one is missed, and that it holds again. */
import { z } from 'zod';

export const alertEventSchema = z.enum([
  /** A failover would take a point that is older than the group's target. */
  'target-missed',
  /** It is younger again. */
  'target-held',
  /** The group is not replicated now, so that its target counts no more. */
  'target-ended',
]);
export type AlertEvent = z.infer<typeof alertEventSchema>;

export const alertSchema = z.object({
  /** Alerts are numbered in their order. */
  number: z.number(),
  at: z.iso.datetime(),
  group: z.string(),
  event: alertEventSchema,
  /** One sentence or two. */
  message: z.string(),
  /** What went wrong with the command that was to tell it; null where nothing did. */
  commandFailure: z.string().nullable(),
});
export type Alert = z.infer<typeof alertSchema>;

export const alertsSchema = z.object({
  /** The shell command that each alert is told to, run by the process that begins cycles; null for none. */
  command: z.string().nullable(),
  /** Newest first. */
  alerts: z.array(alertSchema),
});
export type Alerts = z.infer<typeof alertsSchema>;
