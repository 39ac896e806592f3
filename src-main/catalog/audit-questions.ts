/** What the thread that verifies the audit log is asked, and answers. */
import { z } from 'zod';
import type { ErrorReport } from '../contract/errors.ts';
import type { AuditVerdict } from '../contract/machine.ts';

export const auditQuestionSchema = z.object({
  /** The directory of the catalog. */
  home: z.string(),
  anchors: z.array(
    z.object({ sequence: z.number(), hash: z.string(), copy: z.object({ file: z.string(), content: z.string() }) }),
  ),
});
export type AuditQuestion = z.infer<typeof auditQuestionSchema>;

export type AuditAnswer = { verdict: AuditVerdict } | { error: ErrorReport };
