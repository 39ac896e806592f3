/** What an operation will lose, overwrite or create, in sentences that an operator reads before the name is typed. */
import type { CheckResult } from '../../contract/checks.ts';
import { describeBytes, describeSeconds } from '../../contract/wording.ts';
import { pointId, samePoint } from '../../store/record.ts';
import { choosePoint } from '../points.ts';
import type { CheckInput } from './check.ts';

export function consequencesOf(input: CheckInput, results: readonly CheckResult[]): string[] {
  const { group, scope } = input;
  const names = group.definition.siteNames;
  const overwritten = results.find((result) => result.id === 'overwritten-data');
  const said = overwritten === undefined || overwritten.status === 'pass' ? [] : [overwritten.found];
  switch (scope.operation) {
    case 'failover':
    case 'change-point':
      return [...lossOf(input), "Production's first write to the promoted volumes ends the other points there."];
    case 'planned-failover':
    case 'failback':
      return [
        `Production moves from ${names[scope.read ?? 'A']} to ${names[scope.written ?? 'B']}; nothing is lost if it stays stopped.`,
      ];
    case 'commit': {
      const points = group.sides[group.state.activeSite ?? 'A'].store?.record.points ?? [];
      const bytes = points.flatMap((point) => point.undo).reduce((sum, journal) => sum + journal.bytes, 0);
      return [`${points.length} point(s) and ${describeBytes(bytes)} of undo end; undo and change-point close.`];
    }
    case 'undo':
      return scope.read === null
        ? [
            `The replica at ${names[scope.written ?? 'A']} goes back to what it held before the reprotect; its points since then end.`,
          ]
        : [...said, `Production goes back to ${names[scope.read]}.`];
    case 'protect':
    case 'reprotect':
      return said;
    case 'drop-point':
      return [`Point ${input.context.request.point ?? ''} ends and cannot be brought back.`];
    default:
      return [];
  }
}

function lossOf({ group, context, scope }: CheckInput): string[] {
  const site = scope.written ?? group.replicaSite;
  try {
    const chosen = choosePoint(group, site, context.request.point);
    const point = group.storeOf(site).record.points.find((one) => samePoint(one, chosen));
    if (point === undefined) {
      return [`What was written elsewhere since ${group.definition.siteNames[site]} lost its role is lost.`];
    }
    const age = (context.now().getTime() - Date.parse(point.at)) / 1000;
    const since = age < 0 ? `since ${point.at}` : `in the ${describeSeconds(age)} since ${point.at}`;
    const written = `What production wrote ${since} (point ${pointId(chosen)}, ${point.consistency}) is not in the point`;
    return [`${written}; its bytes cannot be counted while the active side is lost.`];
  } catch {
    return [];
  }
}
