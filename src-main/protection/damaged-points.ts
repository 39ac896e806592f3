/** What points that rest on damaged ranges say of a group's health. */
import type { Health } from '../contract/groups.ts';
import { pointId, type StoredPoint } from '../store/record.ts';

/** `best`: the point that a failover takes; null where it would take none. Null where no point is damaged. */
export function healthOfDamaged(
  name: string,
  points: readonly StoredPoint[],
  best: StoredPoint | null,
): { level: Health['level']; reason: string } | null {
  const damaged = points.filter(({ state }) => state === 'damaged');
  const [first] = damaged;
  if (first === undefined) return null;
  if (best === null || best.state === 'damaged') {
    const reason = `Points rest on damaged ranges of the replica; a failover has no better one. While production answers, the next cycle makes one: sitepair sync ${name}`;
    return { level: 'critical', reason };
  }
  const which = damaged.length === 1 ? '1 older point rests' : `${damaged.length} older points rest`;
  const ends = damaged.length === 1 ? 'It ends' : 'They end';
  const ids = damaged.map(pointId).join(', ');
  const reason = `${which} on damaged ranges (${ids}) and cannot be trusted. ${ends} as new ones are made; sooner with: sitepair points ${name} --drop ${pointId(first)} --confirm ${name}`;
  return { level: 'warning', reason };
}
