/** What it comes to where a cycle passes over what cannot be read, in sentences. */
import { passesOver } from '../incomplete.ts';
import { otherSite } from '../states.ts';
import type { CheckInput } from './check.ts';

/** Said where it is asked for, or an open cycle was begun so. */
export function skipped({ group, scope, context }: CheckInput): string[] {
  const target = scope.written ?? group.replicaSite;
  const begun = scope.operation === 'resume' && group.recordOf(target)?.receiving?.skipUnreadable === true;
  if (context.request.skipUnreadable !== true && !begun) return [];
  return [passesOver(scope.pairs.map(({ paths }) => paths[otherSite(target)]))];
}
