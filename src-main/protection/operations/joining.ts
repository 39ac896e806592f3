/**
 * Pairs that were added to a protected group: the next cycle of the site that they were added at copies them whole, and
 * is an ordinary cycle for the others. Until its point exists they belong to no point, and nothing rests on them.
 */
import type { SiteLetter } from '../../contract/phases.ts';
import { allPairs } from '../../store/pairs.ts';
import type { GroupDefinition, JoiningPair, PairDefinition, ReceivingPair } from '../../store/record.ts';
import { SitepairError } from '../../contract/errors.ts';
import { acceptsDamage } from '../accepted-damage.ts';
import { asReport } from '../errors.ts';
import type { OpenGroup } from '../group.ts';
import type { RunContext } from '../run-context.ts';
import { otherSite } from '../states.ts';
import { describeIfItAnswers, prepareTargets, removeMade } from './targets.ts';

/** Those that a cycle to `target` takes in. Others wait until production is where it was when they were added. */
export function joiningAt({ joining }: GroupDefinition, target: SiteLetter): JoiningPair[] {
  return joining.filter(({ source }) => source === otherSite(target));
}

/**
 * The pairs that a seed of `target` copies. One that was added while production was at the target waits on: there it is
 * the target's volume that production wrote.
 */
export function pairsOfSeed(definition: GroupDefinition, target: SiteLetter): PairDefinition[] {
  const waiting = definition.joining.filter(({ source }) => source === target);
  return allPairs(definition).filter(({ number }) => waiting.every((pair) => pair.number !== number));
}

/**
 * Gets the targets of the pairs that join ready, and says what happens to what they hold. Throws `blocked` where one
 * holds data that nobody allowed to be overwritten; nothing that it made is left then.
 */
export async function prepareJoining(
  group: OpenGroup,
  context: RunContext,
  target: SiteLetter,
): Promise<ReceivingPair[]> {
  const joining = joiningAt(group.definition, target);
  const prepared: ReceivingPair[] = [];
  try {
    for (const discard of [true, false]) {
      const pairs = joining.filter(({ held }) => (held === 'discard') === discard);
      const sized = pairs.map((pair) => ({
        ...pair,
        sizeBytes: context.platform.describe(pair.paths[pair.source]).sizeBytes,
      }));
      for (const open of await prepareTargets(context, sized, target, discard)) {
        const { sizeBytes } = sized.find(({ number }) => number === open.number) ?? {};
        prepared.push({ ...open, ...(sizeBytes !== undefined && { sizeBytes }) });
      }
    }
    const holding = joining.find(
      ({ number, held }) =>
        held === 'refuse' && prepared.some((one) => one.number === number && one.save === 'journal'),
    );
    if (holding !== undefined) throw holdsData(group, holding, target);
    return prepared;
  } catch (error) {
    removeMade(joining, target, prepared);
    throw error;
  }
}

function holdsData({ name }: OpenGroup, pair: JoiningPair, target: SiteLetter): SitepairError {
  return new SitepairError({
    code: 'blocked',
    message: `The target ${pair.paths[target]} of the added pair ${pair.id} holds data; nothing was copied.`,
    where: pair.paths[target],
    remedy: waysOn(name, pair),
  });
}

/** What to do where the target of an added pair holds data. */
export function waysOn(name: string, { id }: JoiningPair): string {
  return `Add it anew, with a blank target, or with --overwrite so that what the target holds is saved and overwritten; take it out before with: sitepair group remove-pair ${name} ${id}`;
}

/**
 * Pairs that join in the open cycle and whose target cannot be opened. Nothing of the group rests on them: a failover
 * leaves them as they are, and so does a rollback where that is accepted; else it throws what keeps it from them.
 */
export function joiningOutOfReach(group: OpenGroup, context: RunContext, site: SiteLetter): JoiningPair[] {
  const { receiving } = group.storeOf(site).record;
  const { operation, group: name } = context.request;
  const mayLeave = operation === 'failover' || acceptsDamage(context.request);
  return joiningAt(group.definition, site).filter((pair) => {
    const open = receiving?.pairs.find(({ number }) => number === pair.number);
    const path = pair.paths[site];
    if (open === undefined || (open.created && describeIfItAnswers(context.platform, path) === null)) return false;
    try {
      context.platform.open(path, 'write-exclusive').close();
      return false;
    } catch (error) {
      const report = asReport(error);
      const left = `${path}, the target of the pair ${pair.id} that was being added`;
      if (!mayLeave) {
        throw new SitepairError({
          ...report,
          remedy: `${report.remedy} Only where it is lost: sitepair rollback ${name} --accept replica-intact leaves ${left}, as it is.`,
        });
      }
      context.reporter.warn(`${left}, is left as it is: ${report.message}`);
      return true;
    }
  });
}
