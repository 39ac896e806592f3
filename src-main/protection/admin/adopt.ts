/**
 * group adopt: brings a group back from its stores when the catalog is lost, or hands it to another machine. Take-over
 * raises the epoch; of a split it chooses the side whose store is given.
 */
import { SitepairError } from '../../contract/errors.ts';
import type { GroupAdopt } from '../../contract/groups.ts';
import { counted } from '../../contract/wording.ts';
import type { Machine } from '../../store/record.ts';
import type { VolumePlatform } from '../../volumes/volume.ts';
import { isConfirmed, unconfirmed } from '../confirmation.ts';
import { reasonOf } from '../errors.ts';
import { OpenGroup } from '../group.ts';
import { commandsOf, mayRun } from '../hooks.ts';
import { planOf } from '../plan/plan-book.ts';
import { commandsOff } from '../plan/plan-commands.ts';
import type { Registration } from '../registration.ts';
import { otherSite } from '../states.ts';
import { assertOutsideGroups } from '../store-place.ts';
import { groupNamesIn, readRecord, storesBelow } from './groups-in-store.ts';
import { assertPathsMayChange } from './half-way.ts';
import { withPaths, writeDefinition } from './set.ts';
import { takeOver } from './take-over.ts';
import { asSaidOfTargets } from './waiting-paths.ts';

function groupsIn(storePath: string): string[] {
  try {
    return groupNamesIn(storePath);
  } catch (error) {
    throw new SitepairError(
      {
        code: 'store-unread',
        message: `The store ${storePath} cannot be read: ${reasonOf(error)}.`,
        where: storePath,
        remedy: 'Mount its file system, or give the right directory.',
      },
      { cause: error },
    );
  }
}

function chooseGroup(storePath: string, wanted: string | undefined): string {
  const names = groupsIn(storePath);
  const name = wanted ?? (names.length === 1 ? names[0] : undefined);
  if (name !== undefined && names.includes(name)) return name;
  const below = names.length === 0 ? storesBelow(storePath) : [];
  if (below.length > 0) {
    throw new SitepairError({
      code: 'store-unsuitable',
      message: `The directory ${storePath} is no store, but in it are: ${below.join(', ')}.`,
      where: storePath,
      remedy: `Give a store itself: sitepair group adopt ${below[0] ?? ''}`,
    });
  }
  throw new SitepairError({
    code: names.length === 0 ? 'store-unread' : 'group-unknown',
    message:
      names.length === 0
        ? `The directory ${storePath} holds no group; perhaps its file system is not mounted.`
        : `The store ${storePath} holds the groups ${names.join(', ')}${wanted === undefined ? '; one must be named' : `, not ${wanted}`}.`,
    where: storePath,
    remedy: names.length === 0 ? 'Mount the file system of the store.' : 'Name one with --group.',
  });
}

/**
 * Reads the stores and gives what the catalog is to remember, with notes on what only the other store knows. `known`
 * are the groups that it has already: of these the other store's place need not be given again.
 */
export function adoptGroup(
  input: GroupAdopt,
  known: readonly Registration[],
  places: { platform: VolumePlatform; machine: Machine; now: () => Date },
): { registration: Registration; notes: string[] } {
  for (const store of [input.store, input.otherStore]) if (store !== undefined) assertOutsideGroups(store);
  const name = chooseGroup(input.store, input.group);
  if (!isConfirmed(name, input.confirm, input.takeOver)) {
    const lost = `Taking over ${name} fences every other machine that writes its volumes now; make sure that none runs it.`;
    throw unconfirmed(name, input.confirm, input.takeOver ? lost : '');
  }
  const record = readRecord(input.store, name);
  const { site } = record;
  if (known.some((one) => one.definition.name === name && one.definition.id !== record.definition.id)) {
    throw new SitepairError({
      code: 'group-exists',
      message: `There is another group named ${name} here already.`,
      where: name,
      remedy: `Remove that one first (its stores stay): sitepair group remove ${name} --confirm ${name}`,
    });
  }
  const before = known.find((one) => one.definition.id === record.definition.id);
  const others = known.flatMap((one) => (one === before ? [] : [one.definition]));
  const otherStore = input.otherStore ?? before?.storePaths[otherSite(site)] ?? null;
  const registration: Registration = {
    definition: record.definition,
    storePaths: { A: otherStore, B: otherStore, [site]: input.store },
    lastSeen: before?.lastSeen ?? { A: null, B: null },
    confirmedCommands: before?.confirmedCommands ?? [],
  };
  const group = OpenGroup.open(registration, places.machine, places.now);
  try {
    const notes: string[] = [];
    const owner = record.machine;
    if (!input.takeOver && owner.id !== places.machine.id) {
      notes.push(
        `The volumes of ${group.definition.siteNames[site]} are written by the machine ${owner.name}; here they can be looked at. Take over with --take-over.`,
      );
    }
    const setsPaths = input.paths.length > 0;
    if (input.takeOver || setsPaths) group.lock(input.takeOver ? 'take-over' : 'adopt');
    const given = withPaths(group.definition, input.paths, places.platform, others);
    const changed = asSaidOfTargets(group, given, places.platform);
    assertPathsMayChange(group, changed, places.platform);
    if (input.takeOver) notes.push(...takeOver(group, site, places.machine));
    if (setsPaths) writeDefinition(group, { ...changed, version: changed.version + 1 }, places.now());
    const other = group.sides[otherSite(site)];
    if (other.store === null) {
      notes.push(
        `Only the store of ${group.definition.siteNames[site]} was read: points and promotions that ${group.definition.siteNames[other.site]} alone knows are not seen.`,
      );
    }
    if (commandsOf(group.definition.policy).some((command) => !mayRun(command, registration))) {
      notes.push(
        `The commands that came with the store are off until confirmed: sitepair group set ${name} --confirm-hooks`,
      );
    }
    const off = commandsOff(planOf(group), registration);
    if (off.length > 0) {
      notes.push(
        `The recovery plan came with the store; its ${counted(off.length, 'command')} ${off.length === 1 ? 'is' : 'are'} off until confirmed. Read them with: sitepair plan show ${name}; then: sitepair group set ${name} --confirm-hooks`,
      );
    }
    return { registration: { ...registration, definition: group.definition }, notes };
  } finally {
    group.unlock();
    group.close();
  }
}
