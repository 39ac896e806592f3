/** What is typed of a new group's policy, and the policy that it makes. */
import type { GroupCreate } from '../../src-main/contract/groups.ts';
import { quietHoursOf, type QuietDraft } from '../state/quiet-hours.ts';

export interface NewPolicy {
  rpoMinutes: string;
  keepPoints: string;
  /** Bytes. */
  chunkSize: string;
  /** MiB a second; empty for no limit. */
  limit: string;
  scheduled: boolean;
  quietHours: QuietDraft[];
  stoppedCheck: string;
  beforeCycle: string;
  afterCycle: string;
}

/** What most groups want. */
export const usualPolicy: Readonly<NewPolicy> = {
  rpoMinutes: '15',
  keepPoints: '24',
  chunkSize: String(256 * 1024),
  limit: '',
  scheduled: true,
  quietHours: [],
  stoppedCheck: '',
  beforeCycle: '',
  afterCycle: '',
};

/** Sizes to choose from, bytes. */
export const chunkSizes = [64, 128, 256, 512, 1024, 4096].map((kib) => kib * 1024);

function command(typed: string): string | null {
  return typed.trim() === '' ? null : typed;
}

/** The policy, or why it is none yet. */
export function policyOf(typed: NewPolicy): { policy: GroupCreate['policy'] } | { wrong: string } {
  const [rpo, keep, limit] = [Number(typed.rpoMinutes), Number(typed.keepPoints), Number(typed.limit)];
  if (!(rpo > 0)) return { wrong: 'The age of the newest point must be a number above 0.' };
  if (!(keep > 0)) return { wrong: 'The number of points must be a number above 0.' };
  if (typed.limit.trim() !== '' && !(limit > 0)) return { wrong: 'The limit must be a number above 0, or empty.' };
  const quiet = quietHoursOf(typed.quietHours);
  if ('wrong' in quiet) return quiet;
  return {
    policy: {
      rpoSeconds: Math.round(rpo * 60),
      keepPoints: Math.round(keep),
      chunkSizeBytes: Number(typed.chunkSize),
      limitBytesPerSecond: typed.limit.trim() === '' ? null : Math.round(limit * 2 ** 20),
      scheduled: typed.scheduled,
      quietHours: quiet.quietHours,
      stoppedCheck: command(typed.stoppedCheck),
      beforeCycle: command(typed.beforeCycle),
      afterCycle: command(typed.afterCycle),
    },
  };
}
