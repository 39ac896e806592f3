/**
 * What the kernel uses block devices and file systems for, asked on a thread of its own: whoever asks a loop device for
 * its file may wait for the network that the file lies on.
 */
import { z } from 'zod';
import { answerOf } from '../worker-answer.ts';

const answerSchema = z.object({
  /** By "MAJOR:MINOR", one phrase for each use. */
  byDevice: z.record(z.string(), z.array(z.string())),
  /** By mount point, one phrase for each file there that the kernel uses. */
  byMountPoint: z.record(z.string(), z.array(z.string())),
});
export type KernelUses = z.infer<typeof answerSchema>;

/** The kernel's uses (processes are not looked for); null where it did not answer within `timeoutMs`. */
export function kernelUses(timeoutMs = 10_000): Promise<KernelUses | null> {
  return answerOf(answerSchema, { module: new URL('./device-uses-worker.ts', import.meta.url), timeoutMs });
}
