import { dirname } from 'node:path';
import type { SiteLetter } from '../../contract/phases.ts';
import { pointId, type Machine } from '../../store/record.ts';
import { remedyOfSplit } from '../allowed.ts';
import { remedyOfDenied, type Side } from '../side.ts';
import { mayStartAnew } from '../store-setup.ts';
import { type Check, type CheckInput, type Finding, pass, siteName } from './check.ts';

/**
 * The replica's store starts anew with the seed; another one is given a new place, and the other store tells it what it
 * knows.
 */
function remedyOfStale({ group }: CheckInput, site: SiteLetter): string {
  const { name, definition, replicaSite } = group;
  if (site === replicaSite && mayStartAnew.includes(group.state.phase)) {
    return `Put the present store back; if it is lost, begin anew with: sitepair protect ${name} --overwrite --confirm ${name}`;
  }
  const role = site === definition.primarySite ? 'primary' : 'recovery';
  return `Put the present store back; if it is lost, give the group a new one with: sitepair group set ${name} --${role}-store NEW_DIR --confirm ${name}`;
}

/** The side whose store is changed: beside the volumes that are written, else with the points that end. */
function changedSite({ group, scope, context }: CheckInput): SiteLetter | null {
  if (scope.operation === 'test-failover') return group.replicaSite;
  if (scope.operation !== 'drop-point') return scope.written ?? group.state.activeSite;
  const holds = ({ store }: Side): boolean =>
    [...(store?.record.points ?? []), ...(store?.record.beforeChange ?? [])].some(
      (point) => pointId(point) === context.request.point,
    );
  return [group.sides.A, group.sides.B].find(holds)?.site ?? null;
}

/** Two machines' names; with the beginning of their ids where the names are the same. */
export function toldApart(one: Machine, other: Machine): [string, string] {
  if (one.name !== other.name) return [one.name, other.name];
  return [`${one.name} (id ${one.id.slice(0, 8)})`, `${other.name} (id ${other.id.slice(0, 8)})`];
}

export const ownershipAgrees: Check = {
  id: 'ownership-agrees',
  title: 'The ownership records agree',
  why: 'They are what keeps two sides from being live at once, and a side that comes back from overwriting newer data.',
  look: (input): Finding => {
    const { group, scope, context } = input;
    const { ownership } = group;
    const no = (found: string, remedy: string): Finding => ({ status: 'fail', found, remedy });
    if (ownership.relation === 'split') {
      return no('Both sides were promoted without knowing of each other (split).', remedyOfSplit(group.name));
    }
    if (ownership.relation === 'none') {
      return no('Neither store can be read.', 'Mount the file system of at least one store.');
    }
    const stale = (['A', 'B'] as const).find((site) => group.sides[site].state === 'stale');
    if (stale !== undefined && stale === scope.written && scope.operation === 'protect') {
      return {
        status: 'warn',
        found: `The store of ${siteName(input, stale)} is an old copy and starts anew; its points end.`,
        remedy: '',
      };
    }
    if (stale !== undefined && (stale === scope.written || stale === scope.read)) {
      return no(
        `The store of ${siteName(input, stale)} cannot be used. ${group.sides[stale].detail}`,
        remedyOfStale(input, stale),
      );
    }
    const changed = changedSite(input);
    const keeper = changed === null ? null : group.sides[changed];
    if (keeper?.store) {
      const { machine } = keeper.store.record;
      if (machine.id !== context.machine.id) {
        const [theirs, ours] = toldApart(machine, context.machine);
        return no(
          `The volumes of ${siteName(input, keeper.site)} belong to the machine ${theirs}; this is ${ours}.`,
          `Run it there, or take over: sitepair group adopt ${dirname(keeper.folder)} --group ${group.name} --take-over --confirm ${group.name}`,
        );
      }
    } else if (keeper !== null && scope.written !== null) {
      return no(
        `The store beside the volumes to be written cannot be read: ${keeper.detail}`,
        keeper.denied ? remedyOfDenied : 'Mount the file system of that store.',
      );
    }
    if (ownership.relation === 'behind') {
      return pass(
        `The store of ${siteName(input, ownership.other.site)} has not heard of epoch ${ownership.governing.epoch} yet; its side is fenced and will be told.`,
      );
    }
    if (ownership.relation === 'alone') {
      const missing = ownership.governing.site === 'A' ? 'B' : 'A';
      return {
        status: scope.read === null || scope.operation === 'test-failover' ? 'warn' : 'fail',
        found: `Only the record at ${siteName(input, ownership.governing.site)} can be used: what ${siteName(input, missing)} did since is not known.`,
        remedy: `Bring the store of ${siteName(input, missing)} back where that is possible.`,
      };
    }
    return pass(`Both records agree on epoch ${ownership.governing.epoch}.`);
  },
};
