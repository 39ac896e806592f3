/**
 * group adopt: brings a group back from its stores when the catalog is lost, or hands it to another machine. Take-over
 * raises the epoch; of a split it chooses the side whose store is given.
 */
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { SitepairError } from '../../contract/errors.ts';
import type { GroupAdopt } from '../../contract/groups.ts';
import { FolderDisk } from '../../store/folder-disk.ts';
import { GroupStore } from '../../store/group-store.ts';
import type { Machine, Promotion, SiteRecord } from '../../store/record.ts';
import type { VolumePlatform } from '../../volumes/volume.ts';
import { OpenGroup } from '../group.ts';
import { sites, type Registration } from '../registration.ts';
import { otherSite } from '../states.ts';
import { withPaths } from './set.ts';

function groupsIn(storePath: string): string[] {
  let names: string[];
  try {
    names = fs.readdirSync(storePath);
  } catch (error) {
    throw new SitepairError(
      {
        code: 'store-unread',
        message: `The store ${storePath} cannot be read: ${error instanceof Error ? error.message : String(error)}.`,
        where: storePath,
        remedy: 'Mount its file system, or give the right directory.',
      },
      { cause: error },
    );
  }
  return names.filter((name) => fs.existsSync(path.join(storePath, name, 'record')));
}

function chooseGroup(storePath: string, wanted: string | undefined): string {
  const names = groupsIn(storePath);
  const name = wanted ?? (names.length === 1 ? names[0] : undefined);
  if (name !== undefined && names.includes(name)) return name;
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

function readRecord(storePath: string, name: string): SiteRecord {
  const store = GroupStore.open(new FolderDisk(path.join(storePath, name)));
  try {
    return store.record;
  } finally {
    store.close();
  }
}

/**
 * Makes this machine the one that may write the volumes of one site; the epoch is raised, so that whoever wrote them
 * before is fenced. The other site stays with its machine: with an installation at each site that is how it should be.
 */
function takeOver(group: OpenGroup, kept: SiteRecord['site'], machine: Machine): string[] {
  const { ownership } = group;
  const notes: string[] = [];
  const wasSplit = ownership.relation === 'split';
  const keptStore = group.storeOf(kept);
  const governing = wasSplit ? keptStore.record : (ownership.governing ?? keptStore.record);
  const epoch = 1 + Math.max(...sites.map((site) => group.sides[site].store?.record.epoch ?? 0));
  const promotion: Promotion = {
    epoch,
    id: randomUUID(),
    site: governing.activeSite ?? kept,
    point: null,
    at: group.now().toISOString(),
    why: wasSplit ? 'keep' : 'take-over',
  };
  const lineage = [...governing.lineage, promotion];
  const serials = sites.map((site) => group.sides[site].store?.record.phaseSerial ?? 0);
  const { phase, activeSite, replicaSite, undoingFrom } = governing;
  const shared = { epoch, lineage, phaseSerial: Math.max(...serials) + 1, phase, activeSite, replicaSite, undoingFrom };
  keptStore.update({ ...shared, machine }, group.now());
  const other = group.sides[otherSite(kept)];
  if (other.store === null) {
    notes.push(
      `The store of ${group.definition.siteNames[other.site]} could not be told; it learns of the take-over when it is seen again.`,
    );
    return notes;
  }
  const loser = wasSplit
    ? { role: 'superseded' as const, receiving: null, moving: null, promoting: null, points: [], position: null, promotedClones: false, beforeChange: null }
    : {};
  other.store.update({ ...shared, ...loser, twinSerial: keptStore.record.serial }, group.now());
  if (other.store.record.machine.id !== machine.id) {
    notes.push(
      `The volumes of ${group.definition.siteNames[other.site]} still belong to the machine ${other.store.record.machine.name}; to write them here too, adopt that store with --take-over as well.`,
    );
  }
  if (wasSplit) {
    notes.push(
      `${group.definition.siteNames[kept]} is kept. What ${group.definition.siteNames[other.site]} holds stays untouched until the group is reprotected, and is saved then.`,
    );
  }
  return notes;
}

/** Reads the stores and gives what the catalog is to remember, with notes on what only the other store knows. */
export function adoptGroup(
  input: GroupAdopt,
  places: { platform: VolumePlatform; machine: Machine; now: () => Date },
): { registration: Registration; notes: string[] } {
  const name = chooseGroup(input.store, input.group);
  if (input.takeOver && input.confirm !== name) {
    throw new SitepairError({
      code: input.confirm === undefined ? 'confirmation-missing' : 'confirmation-wrong',
      message: `Taking over ${name} fences every other machine that writes its volumes now.`,
      where: '--confirm',
      remedy: `Make sure that no other machine runs it, then add --confirm ${name}.`,
    });
  }
  const record = readRecord(input.store, name);
  const { site } = record;
  const storePaths = {
    A: null,
    B: null,
    [site]: input.store,
    ...(input.otherStore === undefined ? {} : { [otherSite(site)]: input.otherStore }),
  };
  const registration: Registration = {
    definition: record.definition,
    storePaths,
    lastSeen: { A: null, B: null },
    hooksConfirmed: false,
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
    if (input.takeOver) {
      group.lock('take-over');
      notes.push(...takeOver(group, site, places.machine));
    }
    if (input.paths.length > 0) {
      if (!group.locked) group.lock('adopt');
      const definition = {
        ...withPaths(group.definition, input.paths, places.platform),
        version: group.definition.version + 1,
      };
      for (const one of sites) {
        if (group.sides[one].state === 'read') group.sides[one].store?.update({ definition }, places.now());
      }
    }
    const other = group.sides[otherSite(site)];
    if (other.store === null) {
      notes.push(
        `Only the store of ${group.definition.siteNames[site]} was read: points and promotions that ${group.definition.siteNames[other.site]} alone knows are not seen.`,
      );
    }
    const { policy } = group.definition;
    if (policy.beforeCycle !== null || policy.afterCycle !== null || policy.stoppedCheck !== null) {
      notes.push(
        `The commands that came with the store are off until confirmed: sitepair group set ${name} --confirm-hooks`,
      );
    }
    return { registration: { ...registration, definition: group.definition }, notes };
  } finally {
    group.unlock();
    group.close();
  }
}
