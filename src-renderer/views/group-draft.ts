/** What is typed into a group's settings, and what of it is a change. */
import type { GroupSet, GroupView } from '../../src-main/contract/groups.ts';
import { quietDraftsOf, quietHoursOf, type QuietDraft } from '../state/quiet-hours.ts';

export interface GroupDraft {
  rpoMinutes: string;
  keepPoints: string;
  /** MiB a second; empty for no limit. */
  limit: string;
  scheduled: boolean;
  quietHours: QuietDraft[];
  reasonRequired: boolean;
  stoppedCheck: string;
  beforeCycle: string;
  afterCycle: string;
  confirmHooks: boolean;
  paths: Record<string, { primary: string; recovery: string }>;
  primaryStore: string;
  recoveryStore: string;
  confirm: string;
}

/** What was typed and neither saved nor given up, by group, until the window closes. */
const left = new Map<string, { draft: GroupDraft; begun: GroupView }>();

/** What was left of a group's settings the last time; null where nothing was. It is given once. */
export function leftDraft(group: string): { draft: GroupDraft; begun: GroupView } | null {
  const found = left.get(group) ?? null;
  left.delete(group);
  return found;
}

/** `begun`: the group as the draft began. */
export function keepDraft(group: string, draft: GroupDraft, begun: GroupView): void {
  left.set(group, { draft, begun });
}

export interface Changes {
  input: GroupSet;
  any: boolean;
  /** Whether a store is to be another one. */
  newStore: boolean;
  /** Why this cannot be saved; empty where it can. */
  wrong: string;
  /** The same of each figure, to stand under it. */
  wrongFigures: Partial<Record<Figure, string>>;
}

type Figure = 'rpoMinutes' | 'keepPoints' | 'limit';

function storePath(group: GroupView, letter: string): string {
  return group.stores.find((store) => store.site === letter)?.path ?? '';
}

/** Those that wait for their first cycle have paths like the others. */
function everyPair({ pairs, joining = [] }: GroupView): GroupView['pairs'] {
  return [...pairs, ...joining];
}

/** The settings as they are now. */
export function draftOf(group: GroupView): GroupDraft {
  const { policy } = group;
  return {
    rpoMinutes: String(policy.rpoSeconds / 60),
    keepPoints: String(policy.keepPoints),
    limit: policy.limitBytesPerSecond === null ? '' : String(policy.limitBytesPerSecond / 2 ** 20),
    scheduled: policy.scheduled,
    quietHours: quietDraftsOf(policy.quietHours),
    reasonRequired: policy.reasonRequired,
    stoppedCheck: policy.stoppedCheck ?? '',
    beforeCycle: policy.beforeCycle ?? '',
    afterCycle: policy.afterCycle ?? '',
    confirmHooks: false,
    paths: Object.fromEntries(
      everyPair(group).map((pair) => [pair.id, { primary: pair.primaryPath, recovery: pair.recoveryPath }]),
    ),
    primaryStore: storePath(group, group.primarySite.letter),
    recoveryStore: storePath(group, group.recoverySite.letter),
    confirm: '',
  };
}

/** What a draft changes of a group. */
export function changesOf(group: GroupView, draft: GroupDraft): Changes {
  const before = draftOf(group);
  const policy: GroupSet['policy'] = {};
  const wrongFigures: Changes['wrongFigures'] = {};
  const figure = (field: Figure, name: string, unit: number): number => {
    const value = Number(draft[field]) * unit;
    if (!(value > 0)) wrongFigures[field] = `${name} must be a number above 0.`;
    return Math.round(value);
  };
  if (draft.rpoMinutes !== before.rpoMinutes) {
    policy.rpoSeconds = figure('rpoMinutes', 'The age of the newest point', 60);
  }
  if (draft.keepPoints !== before.keepPoints) policy.keepPoints = figure('keepPoints', 'The number of points', 1);
  if (draft.limit !== before.limit) {
    policy.limitBytesPerSecond = draft.limit.trim() === '' ? null : figure('limit', 'The limit', 2 ** 20);
  }
  if (draft.scheduled !== before.scheduled) policy.scheduled = draft.scheduled;
  if (draft.reasonRequired !== before.reasonRequired) policy.reasonRequired = draft.reasonRequired;
  const wrongHours: string[] = [];
  if (JSON.stringify(draft.quietHours) !== JSON.stringify(before.quietHours)) {
    const typed = quietHoursOf(draft.quietHours);
    if ('wrong' in typed) wrongHours.push(typed.wrong);
    else policy.quietHours = typed.quietHours;
  }
  for (const field of ['stoppedCheck', 'beforeCycle', 'afterCycle'] as const) {
    if (draft[field] !== before[field]) policy[field] = draft[field].trim() === '' ? null : draft[field];
  }
  const paths = everyPair(group).flatMap(({ id }) =>
    (['primary', 'recovery'] as const).flatMap((site) => {
      const path = draft.paths[id]?.[site] ?? '';
      return path === '' || path === before.paths[id]?.[site] ? [] : [{ pairId: id, site, path }];
    }),
  );
  const primary = draft.primaryStore === before.primaryStore ? {} : { primaryStore: draft.primaryStore };
  const recovery = draft.recoveryStore === before.recoveryStore ? {} : { recoveryStore: draft.recoveryStore };
  const newStore = Object.keys({ ...primary, ...recovery }).length > 0;
  const input = {
    name: group.name,
    policy,
    paths,
    ...primary,
    ...recovery,
    ...(draft.confirmHooks ? { confirmHooks: true } : {}),
    ...(newStore && draft.confirm !== '' ? { confirm: draft.confirm } : {}),
  };
  const wrong = [...Object.values(wrongFigures), ...wrongHours];
  const any = wrong.length > 0 || newStore || draft.confirmHooks || paths.length > 0 || Object.keys(policy).length > 0;
  return { input, any, newStore, wrong: wrong.join(' '), wrongFigures };
}
