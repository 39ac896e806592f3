/** How figures, times and states are said on screens. */
import type { GroupView, Point } from '../../src-main/contract/groups.ts';
import type { ShownPhase } from '../../src-main/contract/phases.ts';
import type { Outcome, Progress } from '../../src-main/contract/runs.ts';

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

/** A phrase as the begin of a line: with a capital letter. */
export function begun(phrase: string): string {
  return phrase.charAt(0).toUpperCase() + phrase.slice(1);
}

/** "9.6 GiB"; three figures at most. */
export function bytes(count: number): string {
  let value = count;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  const digits = unit === 0 || value >= 100 ? 0 : 1;
  return `${value.toFixed(digits)} ${units[unit] ?? ''}`;
}

/** "34 s", "12 min", "3 h", "2 days". */
export function duration(seconds: number): string {
  if (seconds < 90) return `${Math.max(0, Math.round(seconds))} s`;
  if (seconds < 90 * 60) return `${Math.round(seconds / 60)} min`;
  if (seconds < 36 * 3600) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86_400)} days`;
}

/** How long something took: "under 1 s", else as a duration. */
export function took(seconds: number): string {
  return seconds < 1 ? 'under 1 s' : duration(seconds);
}

/** "12 to 16 min": a range in one unit where that can be. */
export function range({ low, high }: { low: number; high: number }): string {
  const [from, to] = [duration(low), duration(high)];
  if (from === to) return to;
  const [fromFigure = '', fromUnit = ''] = from.split(' ');
  const [, toUnit = ''] = to.split(' ');
  return fromUnit === toUnit ? `${fromFigure} to ${to}` : `${from} to ${to}`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}

function zone(date: Date): string {
  const minutes = -date.getTimezoneOffset();
  const sign = minutes < 0 ? '-' : '+';
  return `${sign}${two(Math.floor(Math.abs(minutes) / 60))}:${two(Math.abs(minutes) % 60)}`;
}

/** "14:02 +01:00", with the date where it is not today's; `seconds`: "14:02:31 +01:00". */
export function time(iso: string, now: number, { seconds = false } = {}): string {
  const date = new Date(iso);
  const second = seconds ? `:${two(date.getSeconds())}` : '';
  const clock = `${two(date.getHours())}:${two(date.getMinutes())}${second} ${zone(date)}`;
  const today = new Date(now).toDateString() === date.toDateString();
  if (today) return clock;
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${clock}`;
}

/** "14:02 +01:00, 3 min ago". */
export function timeAndAge(iso: string, now: number): string {
  const seconds = (now - Date.parse(iso)) / 1000;
  // The window's clock ticks every few seconds: what happened since is just now.
  if (seconds < -10) return `${time(iso, now)}, in the future`;
  return `${time(iso, now)}, ${seconds < 2 ? 'just now' : `${duration(seconds)} ago`}`;
}

/** The name of a site by the role that it has in a group. */
export function siteName(group: GroupView, role: 'primary' | 'recovery'): string {
  return role === 'primary' ? group.primarySite.name : group.recoverySite.name;
}

export const phaseWords: Record<ShownPhase, string> = {
  unprotected: 'Not protected yet',
  seeding: 'Being seeded',
  protected: 'Protected',
  syncing: 'Cycle under way',
  interrupted: 'Cycle interrupted',
  'failing-over': 'Failing over',
  'failed-over': 'Failed over, not committed',
  undoing: 'Being undone',
  committed: 'Committed, not protected',
  reprotecting: 'Being reprotected',
  unknown: 'Not known',
};

const cutOffWords: Partial<Record<ShownPhase, string>> = {
  seeding: 'Seed interrupted',
  'failing-over': 'Failover interrupted',
  undoing: 'Undo interrupted',
  reprotecting: 'Reprotect interrupted',
};

/** The phase in a word or two; of one that a run was to pass through whether nobody is at it any more. */
export function phaseOf({ phase, cutOff }: GroupView): string {
  return (cutOff === undefined ? undefined : cutOffWords[phase]) ?? phaseWords[phase];
}

export const healthLevels = { ok: 'ok', warning: 'warn', critical: 'bad' } as const;

export const operationWords: Record<string, string> = {
  protect: 'Protect',
  sync: 'Sync',
  resume: 'Resume',
  rollback: 'Roll back',
  verify: 'Verify',
  failover: 'Failover',
  'planned-failover': 'Planned failover',
  failback: 'Failback',
  'change-point': 'Change point',
  undo: 'Undo',
  commit: 'Commit',
  reprotect: 'Reprotect',
  'drop-point': 'Drop point',
  compare: 'Compare both sides',
  'test-failover': 'Test failover',
  'test-cleanup': 'Clean up the test',
};

/** An operation as the name of what was done: "Sync of erp". */
export function deed(operation: string): string {
  return operationWords[operation] ?? operation;
}

/** What a run that goes on does, in a word or two. */
export const runStateWords: Record<Progress['state'], string> = {
  running: 'running',
  paused: 'paused',
  cancelling: 'stopping',
  stalled: 'waiting for a device',
};

export const pointWords: Record<Point['kind'], string> = {
  cycle: 'cycle',
  'before-protect': 'before the protect',
  'before-reprotect': 'before the reprotect',
  'before-undo': 'before the undo',
  'before-change': 'before the change of point',
  'as-left': 'as production left it',
};

export const outcomeLevels = {
  succeeded: 'ok',
  failed: 'bad',
  blocked: 'warn',
  cancelled: 'warn',
  interrupted: 'bad',
} as const satisfies Record<Outcome, 'ok' | 'warn' | 'bad'>;
