/**
 * What a window's page is given, and nothing else: the calls of the contract and its pushed reports. Electron's preload
 * and the Chromium host make the same object of it, as `window.sitepair`.
 */
import { z } from 'zod';
import { errorReportSchema } from './error-report.ts';

/** How a call comes back over a bridge that cannot carry an Error. */
export const answerSchema = z.union([
  z.object({ ok: z.literal(true), output: z.unknown() }),
  z.object({ ok: z.literal(false), error: errorReportSchema }),
]);
export type Answer = z.infer<typeof answerSchema>;

export interface Bridge {
  /** Which host shows the window. */
  host: 'electron' | 'chromium';
  /** Never rejects. Name and input are validated at the other end. */
  invoke: (name: string, input: unknown) => Promise<Answer>;
  /** Returns the function that ends the subscription. */
  subscribe: (name: string, listener: (report: unknown) => void) => () => void;
}
