/**
 * Every error a person can meet, as one union by code. An error says what happened and where in one sentence, and what
 * to do in another. Screens and command line render the same object; nothing else may reach a user.
 */

/**
 * How an error ends a command; each class has one exit code (DESIGN: 2 usage, 3 blocked, 4 busy, 5 resumable, 1 else).
 */
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
  'plan-unknown': 'usage',
  'volume-unsuitable': 'usage',
  'volume-overlap': 'usage',
  'store-unsuitable': 'usage',
  // A prerequisite does not hold.
  blocked: 'blocked',
  'not-allowed': 'blocked',
  'store-unread': 'blocked',
  'store-stale': 'blocked',
  split: 'blocked',
  // Another process holds the group.
  busy: 'busy',
  // The run stopped and can be gone on with.
  cancelled: 'resumable',
  interrupted: 'resumable',
  'step-failed': 'resumable',
  // The run failed.
  fenced: 'failed',
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
  'salvage-damaged': 'failed',
  'audit-broken': 'failed',
  'hook-failed': 'failed',
  'catalog-unusable': 'failed',
  internal: 'failed',
} as const satisfies Record<string, ErrorClass>;

export type ErrorCode = keyof typeof errorCodes;

/** An error as a person sees it. error-report.ts has its schema, apart from here: worker threads need no schemas. */
export interface ErrorReport {
  code: ErrorCode;
  /** One sentence: what happened. */
  message: string;
  /** The volume, store, byte range or field concerned. */
  where?: string | undefined;
  /** One sentence: what to do. */
  remedy: string;
}

/**
 * The error that all of Sitepair throws on purpose. Anything else that is thrown is a defect and becomes `internal`.
 */
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
