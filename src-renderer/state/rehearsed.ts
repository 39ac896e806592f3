/** A group's last test failover in words. */
import type { GroupView } from '../../src-main/contract/groups.ts';
import { duration, time, timeAndAge } from './wording.ts';

export interface RehearsedWords {
  /** Null where there is nothing to judge. */
  level: 'ok' | 'warn' | 'bad' | null;
  headline: string;
  detail: string[];
}

const outcomes = {
  succeeded: 'the copy is what the point held',
  failed: 'the copy could not be made, or is not what the point held',
  cancelled: 'it was stopped',
  interrupted: 'it was cut off',
} as const;

/** At this moment, milliseconds since the epoch. */
export function rehearsedWords({ testFailover, lastTest }: GroupView, now: number): RehearsedWords {
  const running = testFailover === 'running' ? ['A test failover runs now.'] : [];
  if (testFailover === 'unknown') {
    return {
      level: 'bad',
      headline: 'Whether it was rehearsed cannot be told',
      detail: ['What is kept of it is damaged.'],
    };
  }
  if (lastTest === undefined) return { level: null, headline: 'A failover was never rehearsed.', detail: running };
  const { at, pointAt, seconds, outcome, result, note, directory, copies } = lastTest;
  const took = seconds === null ? '' : `made in ${duration(seconds)}; `;
  const found = result === null ? 'what was found is not noted yet' : `noted as ${result}`;
  const level = outcome === 'failed' || result === 'failed' ? 'bad' : result === 'passed' ? 'ok' : 'warn';
  return {
    level,
    headline: `Rehearsed ${timeAndAge(at, now)}`,
    detail: [
      `From the point of ${time(pointAt, now)}; ${took}${outcomes[outcome]}; ${found}.`,
      ...(note === '' ? [] : [note]),
      ...(copies.length === 0 ? [] : [`Its copies are in ${directory} until they are cleaned up.`]),
      ...running,
    ],
  };
}
