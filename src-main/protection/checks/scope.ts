/** Which sides each operation touches, in the phase that the group is in. */
import { otherSite } from '../states.ts';
import type { OpenGroup } from '../group.ts';
import { definitionAtWork } from '../../store/pairs.ts';
import type { PairDefinition } from '../../store/record.ts';
import { joiningAt, pairsOfSeed } from '../operations/joining.ts';
import { pairsWithReplacements } from '../operations/reprotect.ts';
import { onlySteps } from '../plan/going-on.ts';
import { failoverWay } from '../points.ts';
import type { RunContext } from '../run-context.ts';
import type { Scope } from './check.ts';

/** An open cycle that takes pairs in is gone on with for those too; what it is given up for goes without them. */
function pairsOf(group: OpenGroup, context: RunContext): PairDefinition[] {
  const { definition, replicaSite, state } = group;
  switch (context.request.operation) {
    case 'reprotect':
      return pairsWithReplacements(group, context);
    case 'protect':
      return pairsOfSeed(definition, otherSite(state.activeSite ?? definition.primarySite));
    case 'sync':
      return [...definition.pairs, ...joiningAt(definition, replicaSite)];
    case 'resume':
      return definitionAtWork({ definition, receiving: group.recordOf(replicaSite)?.receiving ?? null }).pairs;
    default:
      return definition.pairs;
  }
}

export function scopeOf(group: OpenGroup, context: RunContext): Scope {
  const { operation } = context.request;
  const { phase, activeSite } = group.state;
  if (onlySteps(group, context)) return { operation, pairs: group.definition.pairs, written: null, read: null };
  const replica = group.replicaSite;
  const both = { written: replica, read: otherSite(replica) };
  const pairs = pairsOf(group, context);
  const sides = (): Pick<Scope, 'written' | 'read' | 'readsBoth'> => {
    switch (operation) {
      case 'protect': {
        const source = activeSite ?? group.definition.primarySite;
        return { written: otherSite(source), read: source };
      }
      case 'sync':
      case 'planned-failover':
      case 'failback':
      case 'reprotect':
        return both;
      case 'resume': {
        // The undo of a failover gives the old side its role back, which has to be told that it is under way.
        const alone =
          phase === 'failing-over'
            ? !group.state.cancellable
            : group.sides[replica].store?.record.receiving === null && group.state.undoingFrom !== 'failed-over';
        return alone && (phase === 'failing-over' || phase === 'undoing') ? { written: replica, read: null } : both;
      }
      case 'verify':
        return context.request.repair === true ? both : { written: replica, read: null };
      case 'failover':
        return { written: failoverWay(group, context.request.point).site, read: null };
      case 'rollback':
        return { written: replica, read: null };
      case 'change-point':
        return { written: activeSite, read: null };
      case 'undo':
        return phase === 'failed-over' ? { written: activeSite, read: replica } : { written: replica, read: null };
      case 'compare':
        return { written: null, read: null, readsBoth: true };
      case 'test-failover':
        return { written: null, read: replica };
      case 'commit':
      case 'drop-point':
      case 'test-cleanup':
        return { written: null, read: null };
    }
  };
  return { operation, pairs, ...sides() };
}
