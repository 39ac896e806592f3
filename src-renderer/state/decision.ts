/** What a failover that is not committed wants decided: the ways on from it, and what each comes to. */
import type { GroupView } from '../../src-main/contract/groups.ts';
import { replicaLetter } from '../../src-main/contract/group-sides.ts';
import { isWrittenSince } from '../../src-main/contract/held-points.ts';
import type { Operation } from '../../src-main/contract/phases.ts';
import { siteNames } from './sides.ts';

export interface WayOn {
  operation: Operation;
  /** What it comes to; where it is not allowed, why too. */
  what: string;
  allowed: boolean;
  reason: string;
}

const ways = ['commit', 'change-point', 'undo', 'compare'] as const;

const sentence = (reason: string): string => `${reason.charAt(0).toUpperCase()}${reason.slice(1)}.`;

/** In the order in which they are told; none where nothing wants to be decided. */
export function decisionOf(group: GroupView): WayOn[] {
  if (group.phase !== 'failed-over') return [];
  const replica = replicaLetter(group);
  const names = siteNames(group);
  const [there, here] = [names[replica], names[replica === 'A' ? 'B' : 'A']];
  const what: Record<(typeof ways)[number], string> = {
    commit: `All is well: ${here} stays in production. Its points end, so that neither of the two below is possible after it; a reprotect then makes ${there} its replica.`,
    'change-point': `The data is wrong: the volumes of ${here} are brought to another of their points, as long as servers have not written there.`,
    undo: `The failover was a mistake: ${there} goes back into production as it was left. What ${here} holds by then is saved as a point first.`,
    compare: `Not sure: tells what each side wrote since, and what either way would lose. No volume is written.`,
  };
  const over = `The data is wrong: to bring the volumes of ${here} to another of their points is not possible any more.`;
  return ways.flatMap((way) => {
    const action = group.actions.find(({ operation }) => operation === way);
    if (action === undefined) return [];
    if (action.allowed) return [{ ...action, what: what[way] }];
    const ended = way === 'change-point' && isWrittenSince(group);
    const why = ended ? `${over} ${sentence(action.reason)}` : `${what[way]} Not possible now: ${action.reason}.`;
    return [{ ...action, what: why }];
  });
}

/** How the group itself asks for the decision, and names two of the ways on. */
const said = ['The failover wants a decision', 'When all is well: ', 'To take it back: '];

/** Sentences without those that say what is shown beside them. */
export function besideDecision(sentences: readonly string[]): string[] {
  return sentences.filter((one) => !said.some((begin) => one.startsWith(begin)));
}
