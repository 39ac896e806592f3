import type { Operation } from '../../contract/phases.ts';
import { growthOf, remedyOfGrowth, type Growth } from '../operations/growth.ts';
import { describeIfThere } from '../operations/targets.ts';
import { type Check, type CheckInput, type Finding, isJoining, listed, pass, touchedVolumes } from './check.ts';

/** Operations whose cycle makes the replica grow with its source. */
const growing: readonly Operation[] = ['sync', 'planned-failover', 'failback', 'reprotect'];

export const sizesMatch: Check = {
  id: 'sizes-match',
  title: 'The volumes are large enough',
  why: "A volume smaller than the logical size of its pair cannot hold the other side's content.",
  look: (input): Finding => {
    const { context, scope, group } = input;
    const small: string[] = [];
    const short: string[] = [];
    const places: string[] = [];
    let shrunk = false;
    for (const { pair, path, use, site } of touchedVolumes(scope)) {
      const there = describeIfThere(context.platform, path);
      if (there === null) continue;
      const size = there.sizeBytes;
      const source =
        scope.read === null ? undefined : describeIfThere(context.platform, pair.paths[scope.read])?.sizeBytes;
      const fresh = scope.operation === 'protect' || isJoining(input, pair);
      const wanted = fresh ? (source ?? pair.sizeBytes) : pair.sizeBytes;
      if (size >= wanted) continue;
      if (fresh && use === 'written' && there.kind === 'file') {
        short.push(`${path} has ${size} bytes and is made longer, to the ${wanted} that the pair needs`);
        continue;
      }
      small.push(`${path} has ${size} bytes, the pair needs ${wanted}`);
      places.push(`${pair.id}:${site === group.definition.primarySite ? 'primary' : 'recovery'}=PATH`);
      shrunk ||= use === 'read';
    }
    if (small.length > 0) {
      const instead = shrunk
        ? ' A pair never gets smaller with its source: take it out and add it again for that.'
        : '';
      return {
        status: 'fail',
        found: listed(small),
        remedy: `Enlarge the volume, or give the pair one that is large enough: sitepair group set ${group.name}${places.map((place) => ` --path ${place}`).join('')}${instead && `.${instead}`}`,
      };
    }
    if (short.length > 0) {
      return {
        status: 'warn',
        found: listed(short),
        remedy: 'Go on where these are the files that you mean: what they hold is not lost by it.',
      };
    }
    return grownSources(input) ?? pass('All are at least as large as their pair needs.');
  },
};

/** What an operation will make of sources that have grown. */
export function growths(input: CheckInput): Growth[] {
  const { context, scope, group } = input;
  const { operation, read, written } = scope;
  if (read === null || written === null || operation === 'protect') return [];
  const pairs = scope.pairs.filter((pair) => !isJoining(input, pair));
  const found = growthOf(group, context.platform, pairs, written, operation === 'reprotect');
  if (growing.includes(operation)) return found;
  return found.map((one) => ({ ...one, against: one.against ?? 'it grows with the next cycle that begins' }));
}

function grownSources(input: CheckInput): Finding | null {
  const { group, scope } = input;
  const { read, written } = scope;
  if (read === null || written === null) return null;
  const all = growths(input);
  const said = ({ pair, toBytes }: Growth): string =>
    `${pair.paths[read]} has grown: it has ${toBytes} bytes, and the pair ${pair.sizeBytes}`;
  const left = all.filter(({ against }) => against !== null);
  if (left.length > 0) {
    const remedies = growing.includes(scope.operation)
      ? left.map((one) => remedyOfGrowth({ name: group.name, operation: scope.operation }, one, written))
      : [`Go on; then run a cycle: sitepair sync ${group.name}`];
    return {
      status: 'warn',
      found: listed(left.map((one) => `${said(one)}; what lies beyond is not replicated, as ${one.against ?? ''}`)),
      remedy: [...new Set(remedies)].join(' '),
    };
  }
  return all.length === 0
    ? null
    : pass(listed(all.map((one) => `${said(one)}, and its replica grows with this cycle`)));
}
