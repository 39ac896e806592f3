/** What the operator does after sides have changed, one sentence each, in the order in which it is to be done. */
import { samePoint } from '../../store/record.ts';
import { endByWriting } from '../checks/points-ended.ts';
import type { OpenGroup } from '../group.ts';

/** `atPoint`: false where the volumes were left with what production had written, so that it may have ended points. */
export function afterPromotion(group: OpenGroup, atPoint: boolean): string[] {
  const site = group.state.activeSite ?? group.replicaSite;
  const paths = group.definition.pairs.map((pair) => pair.paths[site]).join(', ');
  return [
    ...(atPoint ? beforeMounting(group) : []),
    `Start production at ${group.definition.siteNames[site]} on: ${paths}`,
    `When it is well: sitepair commit ${group.name} --confirm ${group.name}. To take it back: sitepair undo ${group.name} --confirm ${group.name}`,
  ];
}

/** That the other points end with the first write; nothing where there are none, or where clones keep them. */
function beforeMounting(group: OpenGroup): string[] {
  const site = group.state.activeSite ?? group.replicaSite;
  const record = group.recordOf(site);
  if (record === null || record.promotedClones) return [];
  const others = record.points.filter((point) => !samePoint(point, record.position));
  const ends = endByWriting(group, site, others);
  if (ends.length === 0) return [];
  const first = 'Whoever wants another point changes it before anything is mounted there';
  return [`${ends.join(' ')} ${first}: sitepair change-point ${group.name} --point ID --confirm ${group.name}`];
}
