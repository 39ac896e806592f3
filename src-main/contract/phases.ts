/** The words of the state model that all layers share. The table of what leads where is in protection/states.ts. */
import { z } from 'zod';

export const phases = [
  'unprotected',
  'seeding',
  'protected',
  'syncing',
  'interrupted',
  'failing-over',
  'failed-over',
  'undoing',
  'committed',
  'reprotecting',
] as const;
export const phaseSchema = z.enum(phases);
export type Phase = z.infer<typeof phaseSchema>;
/** What a group is shown as: its phase, or unknown where neither store can be read. */
export const shownPhaseSchema = z.enum([...phases, 'unknown']);
export type ShownPhase = z.infer<typeof shownPhaseSchema>;

export const siteLetterSchema = z.enum(['A', 'B']);
/** A site's letter; it never changes. */
export type SiteLetter = z.infer<typeof siteLetterSchema>;

export const siteRoleSchema = z.enum(['primary', 'recovery']);
/** Where production of a group belongs, and where it goes in a disaster. */
export type SiteRole = z.infer<typeof siteRoleSchema>;

/** Every operation that makes a run. */
export const operations = [
  'protect',
  'sync',
  'resume',
  'rollback',
  'verify',
  'failover',
  'planned-failover',
  'failback',
  'change-point',
  'undo',
  'commit',
  'reprotect',
  'drop-point',
  'compare',
  'test-failover',
  'test-cleanup',
] as const;
export const operationSchema = z.enum(operations);
export type Operation = z.infer<typeof operationSchema>;

/** Operations that leave the group alone: they do not hold it, and cycles go on meanwhile. */
export const rehearsals: readonly Operation[] = ['test-failover', 'test-cleanup'];

const withReason: readonly Operation[] = ['failover', 'planned-failover', 'failback', 'commit', 'reprotect', 'undo'];

/** Whether an operation is to be given a reason in groups whose policy wants one. */
export function wantsReason(operation: Operation): boolean {
  return withReason.includes(operation);
}
