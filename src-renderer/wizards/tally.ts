/** How checks stand: what keeps the wizard from going on, and what wants to be acknowledged. */
import type { CheckResult } from '../../src-main/contract/checks.ts';

export interface Tally {
  /** Checks that nothing but a remedy gets past. */
  blocking: number;
  /** Checks that want the operator's word and have it not yet. */
  unread: number;
  /** "1 check blocks, 2 want your word, 9 passed." */
  words: string;
}

/** Whether a check cannot be got past by the operator's word. */
export function isHard(check: CheckResult): boolean {
  return check.status !== 'pass' && check.blocks && !check.acceptable;
}

/** The heading of a check. One that did not pass is told as what is wanted: as a statement it would be untrue. */
export function headingOf({ status, title }: Pick<CheckResult, 'status' | 'title'>): string {
  return status === 'pass' ? title : `Wanted: ${title.charAt(0).toLowerCase()}${title.slice(1)}`;
}

/** What keeps the wizard from going on, for the eye beside its button; empty where nothing does. */
export function heldBy({ blocking, unread }: Tally): string {
  if (blocking > 0) return `${blocking} check${blocking === 1 ? ' blocks' : 's block'} going on`;
  return unread > 0 ? `${unread} want${unread === 1 ? 's' : ''} your word` : '';
}

/** Counts checks; `acknowledged` are ids. */
export function tallyOf(checks: readonly CheckResult[], acknowledged: readonly string[]): Tally {
  const open = checks.filter((check) => check.status !== 'pass');
  const blocking = open.filter(isHard).length;
  const soft = open.filter((check) => !isHard(check));
  const parts = [
    blocking === 0 ? '' : blocking === 1 ? '1 check blocks' : `${blocking} checks block`,
    soft.length === 0 ? '' : soft.length === 1 ? '1 wants your word' : `${soft.length} want your word`,
    `${checks.length - open.length} passed`,
  ];
  return {
    blocking,
    unread: soft.filter((check) => !acknowledged.includes(check.id)).length,
    words: `${parts.filter((part) => part !== '').join(', ')}.`,
  };
}
