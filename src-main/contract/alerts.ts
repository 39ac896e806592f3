/** What is told of targets and of readiness: that one is missed or lost, and that it holds or is there again. */
import { z } from 'zod';

export const alertEventSchema = z.enum([
  /** A failover would take a point that is older than the group's target. */
  'target-missed',
  /** It is younger again. */
  'target-held',
  /** The group is not replicated now, so that its target counts no more. */
  'target-ended',
  /** By the last look a failover would be blocked, where it would not have been before. */
  'failover-blocked',
  'failover-possible',
  /** The same of the way back after a failover. */
  'way-back-blocked',
  'way-back-possible',
]);
export type AlertEvent = z.infer<typeof alertEventSchema>;

/** Those that tell of something bad; the others tell of its end. */
const bad: readonly AlertEvent[] = ['target-missed', 'failover-blocked', 'way-back-blocked'];

export function isBad(event: AlertEvent): boolean {
  return bad.includes(event);
}

export const alertSchema = z.object({
  /** Alerts are numbered in their order, from 1; 0 where it is told and could not be kept yet. */
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
