/** Which volumes of the soak a group consists of, told by its pairs. */
import type { GroupView, Pair, Point } from '../../src-main/contract/groups.ts';

/** What a volume's pair is called: those that a group is made with are numbered by it. */
export function pairIdOf(n: number): string {
  return `pair-${n + 1}`;
}

export function volumeOf({ primaryPath }: Pick<Pair, 'primaryPath'>): number {
  return Number(/volume(\d+)\.img$/.exec(primaryPath)?.[1] ?? NaN);
}

/** The numbers of the volumes that are replicated. */
export function members(group: GroupView): number[] {
  return group.pairs.map(volumeOf);
}

/** As `members`, with those that are not copied yet. */
export function allMembers(group: GroupView): number[] {
  return [...group.pairs, ...(group.joining ?? [])].map(volumeOf);
}

/** Those of them that a point has. */
export function membersIn(group: GroupView, point: Point | undefined): number[] {
  return group.pairs.filter(({ id }) => point?.lacks.includes(id) !== true).map(volumeOf);
}
