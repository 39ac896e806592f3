/**
 * Every error a person can meet, as one union by code. An error says what happened and where in one sentence, and what
 * to do in another. Screens and command line render the same object; nothing else may reach a user.
 */
import { z } from 'zod';

/** How an error ends a command; each class has one exit code (DESIGN: 2 usage, 3 blocked, 4 busy, 5 resumable, 1 else). */
export const errorClasses = ['failed', 'usage', 'blocked', 'busy', 'resumable'] as const;
export type ErrorClass = (typeof errorClasses)[number];

/** All error codes with the class that decides the exit code. */
export const errorCodes = {
  // What was asked for is wrong.
  'invalid-input': 'usage',
  'confirmation-missing': 'usage',
  'confirmation-wrong': 'usage',
  'group-unknown': 'usage',
  'group-exists': 'usage',
  'pair-unknown': 'usage',
  'point-unknown': 'usage',
  'run-unknown': 'usage',
  'volume-unsuitable': 'usage',
  'volume-overlap': 'usage',
  'store-unsuitable': 'usage',
  // A prerequisite does not hold.
  blocked: 'blocked',
  'not-allowed': 'blocked',
  'store-unread': 'blocked',
  'store-stale': 'blocked',
  split: 'blocked',
  fenced: 'blocked',
  // Another process holds the group.
  busy: 'busy',
  // The run stopped and can be gone on with.
  cancelled: 'resumable',
  interrupted: 'resumable',
  // The run failed.
  'volume-lost': 'failed',
  'volume-read-only': 'failed',
  'volume-changed': 'failed',
  'volume-stalled': 'failed',
  'read-failed': 'failed',
  'write-failed': 'failed',
  'flush-failed': 'failed',
  'no-space': 'failed',
  'permission-denied': 'failed',
  'store-damaged': 'failed',
  'format-too-new': 'failed',
  'replica-changed': 'failed',
  'verify-mismatch': 'failed',
  'audit-broken': 'failed',
  'hook-failed': 'failed',
  'catalog-unusable': 'failed',
  internal: 'failed',
} as const satisfies Record<string, ErrorClass>;

export type ErrorCode = keyof typeof errorCodes;

export const errorReportSchema = z.object({
  code: z.enum(Object.keys(errorCodes) as [ErrorCode, ...ErrorCode[]]),
  /** One sentence: what happened. */
  message: z.string(),
  /** The volume, store, byte range or field concerned. */
  where: z.string().optional(),
  /** One sentence: what to do. */
  remedy: z.string(),
});
export type ErrorReport = z.infer<typeof errorReportSchema>;

/** The error that all of Sitepair throws on purpose. Anything else that is thrown is a defect and becomes `internal`. */
export class SitepairError extends Error {
  readonly report: ErrorReport;

  constructor(report: ErrorReport, options?: ErrorOptions) {
    super(report.message, options);
    this.name = 'SitepairError';
    this.report = report;
  }

  get errorClass(): ErrorClass {
    return errorCodes[this.report.code];
  }
}
