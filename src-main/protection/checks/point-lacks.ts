/** What a point has not of the group as it is today, in sentences. */
import type { SiteLetter } from '../../contract/phases.ts';
import { describeBytes } from '../../contract/wording.ts';
import { samePoint, type PointKey } from '../../store/record.ts';
import { describeLacking } from '../incomplete.ts';
import type { OpenGroup } from '../group.ts';
import type { CheckInput } from './check.ts';
import { growths } from './sizes-match.ts';

/** The volumes that a point lacks, those that no point has yet, and those that were smaller at it. */
export function lackedBy(group: OpenGroup, site: SiteLetter, chosen: PointKey): string[] {
  const { pairs, joining } = group.definition;
  const point = group.recordOf(site)?.points.find((one) => samePoint(one, chosen));
  const lacked = pairs.filter(({ number }) => point?.lacks.includes(number));
  const pathsOf = (ones: typeof pairs): string => ones.map(({ paths }) => paths[site]).join(', ');
  const smaller = (point?.shorter ?? []).flatMap(({ number, sizeBytes }) => {
    const pair = pairs.find((one) => one.number === number);
    return pair === undefined
      ? []
      : [
          `${pair.paths[site]} had ${describeBytes(sizeBytes)} then; beyond that it becomes what it held there before it grew.`,
        ];
  });
  return [
    ...(point?.unread === undefined ? [] : [describeLacking(group, site, point)]),
    ...(lacked.length === 0 ? [] : [`It lacks ${pathsOf(lacked)}.`]),
    ...(joining.length === 0 ? [] : [`No point has ${pathsOf(joining)}, added and not copied yet.`]),
    ...smaller,
  ];
}

/** The replicas that grow with their sources in the cycle ahead. */
export function grownBy(input: CheckInput): string[] {
  const { written } = input.scope;
  if (written === null) return [];
  return growths(input)
    .filter(({ against }) => against === null)
    .map(
      ({ pair, toBytes }) =>
        `${pair.paths[written]} grows from ${describeBytes(pair.sizeBytes)} to ${describeBytes(toBytes)}, as its source did; points from before keep the size that they have.`,
    );
}
