/** The schema of an error that crosses a boundary. */
import { z } from 'zod';
import { errorCodes, type ErrorCode, type ErrorReport } from './errors.ts';

export const errorReportSchema: z.ZodType<ErrorReport> = z.object({
  code: z.enum(Object.keys(errorCodes) as [ErrorCode, ...ErrorCode[]]),
  message: z.string(),
  where: z.string().optional(),
  remedy: z.string(),
});
