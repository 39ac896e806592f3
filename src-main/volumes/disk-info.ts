/**
 * Used and total space of mounted file systems, from node-disk-info. It calls `df` and waits for it, so it runs on a
 * thread of its own.
 */
import { z } from 'zod';
import { answerOf } from './worker-answer.ts';

const diskInfoSchema = z.object({
  sizeBytes: z.number().nonnegative(),
  usedBytes: z.number().nonnegative(),
  /** As `df` shows it, cut at its first blank. */
  mountPoint: z.string(),
});
export type DiskInfo = z.infer<typeof diskInfoSchema>;

/** The port: whatever knows how full file systems are. */
export interface DiskInfoSource {
  /** Answers within a bounded time, with nothing where the system does not answer. */
  read(): Promise<DiskInfo[]>;
}

/** Only what finding and running `df` takes: its blocks are 1 KiB unless variables like BLOCK_SIZE say otherwise. */
const env = { PATH: `${process.env['PATH'] ?? ''}:/usr/bin:/bin`, LC_ALL: 'C' };

/** node-disk-info on a worker thread, which is given up after `timeoutMs`. */
export function nodeDiskInfo(timeoutMs = 10_000): DiskInfoSource {
  const module = new URL('./disk-info-worker.ts', import.meta.url);
  return { read: async () => (await answerOf(z.array(diskInfoSchema), { module, timeoutMs, env })) ?? [] };
}
