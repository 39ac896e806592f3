/** What a verify reads, and whether it writes, in sentences. */
import { pointId } from '../../store/record.ts';
import { otherSite } from '../states.ts';
import type { CheckInput } from './check.ts';

/** Whether a verify writes, where and from where. */
export function verified({ group, scope, context }: CheckInput): string[] {
  const site = scope.written ?? group.replicaSite;
  const [there, here] = [group.definition.siteNames[site], group.definition.siteNames[otherSite(site)]];
  const position = group.recordOf(site)?.position ?? null;
  const point = position === null ? 'what its point says' : `point ${pointId(position)}`;
  const read = `${there} is read past the cache and held against ${point}.`;
  if (context.request.repair !== true) return [`${read} Nothing is written.`];
  return [
    `${read} What differs is written at ${there}, from ${here}, where that still holds what the point says.`,
    `What ${here} holds otherwise by now stays damaged until the next cycle, and so do the points that rest on it.`,
  ];
}
