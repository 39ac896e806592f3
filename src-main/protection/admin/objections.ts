/** What stands against a new group, all at once, and by the step at which it is given. Nothing is written. */
import { SitepairError } from '../../contract/errors.ts';
import { newGroupSteps, type GroupCreate, type NewGroupStep, type Objection } from '../../contract/groups.ts';
import { allPairs } from '../../store/pairs.ts';
import type { GroupDefinition } from '../../store/record.ts';
import type { VolumePlatform } from '../../volumes/volume.ts';
import { asReport } from '../errors.ts';
import { describeIfThere } from '../operations/targets.ts';
import { assertFolderMayBeMade } from '../store-setup.ts';
import { assertApartFromGroupsIn, assertOnNoVolume, assertTwoStores, lookAtPair } from './create.ts';
import { assertGroupName, assertSiteNames } from './names.ts';
import { assertApart } from './volumes-apart.ts';

/**
 * Throws `volume-unsuitable` where something on this machine may write what is to be overwritten. The seed's check says
 * it too; here it is said while the volume is chosen.
 */
function assertUnused(platform: VolumePlatform, target: string): void {
  if (describeIfThere(platform, target) === null) return;
  const use = platform.uses(target).find(({ by, writes }) => by !== 'process' || writes);
  if (use === undefined) return;
  throw new SitepairError({
    code: 'volume-unsuitable',
    message: `The target ${target} is ${use.detail}, and the seed would overwrite it.`,
    where: target,
    remedy: 'Give another volume; or unmount it, detach it, or stop what has it open.',
  });
}

/** `until`: the last step that was filled in. */
export function objectionsTo(
  input: GroupCreate,
  until: NewGroupStep,
  { platform, others }: { platform: VolumePlatform; others: readonly GroupDefinition[] },
): Objection[] {
  const found: Objection[] = [];
  const filled = newGroupSteps.slice(0, newGroupSteps.indexOf(until) + 1);
  function look<T>(step: NewGroupStep, work: () => T): T[] {
    if (!filled.includes(step)) return [];
    try {
      return [work()];
    } catch (error) {
      const report = asReport(error);
      // Several looks may meet the same.
      if (!found.some((one) => one.report.message === report.message)) found.push({ step, report });
      return [];
    }
  }
  look('names', () => {
    assertGroupName(input.name);
  });
  look('names', () => {
    assertSiteNames(input.primarySite, input.recoverySite);
  });
  for (const { target } of input.pairs) {
    look('volumes', () => {
      assertUnused(platform, target);
    });
  }
  const pairs = input.pairs.flatMap(({ source, target }, n) =>
    look('volumes', () => lookAtPair(platform, source, target, n + 1)),
  );
  look('volumes', () => {
    assertApart(pairs, others, platform);
  });
  look('stores', () => {
    assertTwoStores(input);
  });
  for (const storePath of [input.primaryStore, input.recoveryStore]) {
    look('stores', () => {
      assertFolderMayBeMade(storePath, input.name);
    });
    look('stores', () => {
      assertApartFromGroupsIn(storePath, pairs, input.name, platform);
    });
    look('stores', () => {
      assertOnNoVolume(platform, storePath, [...pairs, ...others.flatMap(allPairs)]);
    });
  }
  return found;
}
