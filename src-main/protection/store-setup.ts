/** Making a group's folder in a store, and putting a fresh record where the old one was lost. */
import fs from 'node:fs';
import path from 'node:path';
import { SitepairError } from '../contract/errors.ts';
import type { Phase, SiteLetter } from '../contract/phases.ts';
import { mayHoldMix } from '../store/content.ts';
import { FolderDisk } from '../store/folder-disk.ts';
import { GroupStore } from '../store/group-store.ts';
import type { GroupDefinition, Machine, SiteRecord } from '../store/record.ts';
import { reasonOf } from './errors.ts';
import type { OpenGroup } from './group.ts';
import { lineageWith, newPromotion } from './operations/promotion.ts';
import type { Side } from './side.ts';
import { otherSite } from './states.ts';
import { assertOutsideGroups } from './store-place.ts';

/** A record that knows nothing yet, or what the other site's record knows about ownership. */
export function freshRecord(
  definition: GroupDefinition,
  site: SiteLetter,
  machine: Machine,
  twin: SiteRecord | null,
  now: Date,
): SiteRecord {
  return {
    format: 1,
    serial: (twin?.twinSerial ?? 0) + 1,
    at: now.toISOString(),
    definition,
    site,
    machine,
    role: 'none',
    epoch: twin?.epoch ?? 0,
    lineage: twin?.lineage ?? [],
    phase: twin === null ? 'unprotected' : twin.phase,
    phaseSerial: twin?.phaseSerial ?? 0,
    activeSite: twin === null ? definition.primarySite : twin.activeSite,
    replicaSite: twin?.replicaSite ?? null,
    counter: 0,
    receiving: null,
    points: [],
    position: null,
    moving: null,
    promoting: null,
    undoingFrom: twin?.undoingFrom ?? null,
    punch: null,
    twinSerial: twin?.serial ?? 0,
    twinMixed: twin !== null && mayHoldMix(twin),
    marks: null,
    afterCycleDue: false,
    promotedClones: false,
    beforeChange: [],
    leftovers: [],
    movedPairs: [],
    identities: [],
    doubtful: false,
    // What would lead the volumes out of it was in the store that is lost.
    incomplete: twin?.twinMixed ?? false,
  };
}

function unsuitable(message: string, where: string, remedy: string, cause?: unknown): SitepairError {
  return new SitepairError({ code: 'store-unsuitable', message, where, remedy }, { cause });
}

function folderIsThere(storePath: string, folder: string, cause?: unknown): SitepairError {
  return unsuitable(
    `The store ${storePath} holds a folder for a group named ${path.basename(folder)} already.`,
    folder,
    `Take another name or store, or bring that group back with: sitepair group adopt ${storePath}`,
    cause,
  );
}

function cannotBeMade(where: string, why: string, cause: unknown): SitepairError {
  return unsuitable(
    `The directory ${where} cannot be made: ${why}.`,
    where,
    'Give a directory that this user can write, on a file system that is mounted.',
    cause,
  );
}

/** Whether a store's directory is there. Throws `store-unsuitable` where it is something else. */
function isThere(storePath: string): boolean {
  const present = fs.statSync(storePath, { throwIfNoEntry: false });
  if (present?.isDirectory() === false) {
    const remedy = 'Give a directory, or a path where nothing is.';
    throw unsuitable(`The store ${storePath} is no directory.`, storePath, remedy);
  }
  return present !== undefined;
}

/** Why a directory could not be made. */
function reasonAgainstMaking(directory: string, error: unknown): string {
  const above = path.dirname(directory);
  return fs.existsSync(above) ? reasonOf(error) : `the directory ${above} is not there`;
}

/** Throws `store-unsuitable` where it is plain that a group's folder could not be made in a store. Makes nothing. */
export function assertFolderMayBeMade(storePath: string, name: string): void {
  assertOutsideGroups(storePath);
  const directory = isThere(storePath) ? path.join(storePath, name) : storePath;
  if (fs.existsSync(directory)) throw folderIsThere(storePath, directory);
  try {
    fs.accessSync(path.dirname(directory), fs.constants.W_OK);
  } catch (error) {
    throw cannotBeMade(directory, reasonAgainstMaking(directory, error), error);
  }
}

/** Makes a group's folder, and the store's where it is missing; gives whether it was. Throws `store-unsuitable`. */
function makeEmptyFolders(storePath: string, folder: string): boolean {
  const present = isThere(storePath);
  let made = false;
  try {
    if (!present) fs.mkdirSync(storePath, { mode: 0o700 });
    made = !present;
    fs.mkdirSync(folder, { mode: 0o700 });
    return made;
  } catch (error) {
    if (made) fs.rmdirSync(storePath);
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') {
      throw folderIsThere(storePath, folder, error);
    }
    const where = present ? folder : storePath;
    throw cannotBeMade(where, reasonAgainstMaking(where, error), error);
  }
}

/**
 * Makes the group's folder in a store and its record. The store's directory is made where only its last part is
 * missing. Throws `store-unsuitable` where the folder is there already; leaves nothing behind when it fails.
 */
export function makeGroupFolder(storePath: string, record: SiteRecord): void {
  const folder = path.join(storePath, record.definition.name);
  assertOutsideGroups(storePath);
  const madeStore = makeEmptyFolders(storePath, folder);
  try {
    const disk = new FolderDisk(folder);
    const store = GroupStore.create(disk, record);
    store.close();
    fs.writeFileSync(path.join(folder, 'lock'), '', { mode: 0o600 });
    disk.flushNames();
    new FolderDisk(storePath).flushNames();
  } catch (error) {
    fs.rmSync(folder, { recursive: true, force: true });
    if (madeStore) fs.rmSync(storePath, { recursive: true, force: true });
    throw error;
  }
}

/**
 * Whether a record is a fresh one in a lost one's place that the other store has not heard of: `group set` was cut off,
 * and nothing may be built on it before that was done again.
 */
export function isUnfinished({ role, counter, lineage }: SiteRecord): boolean {
  return role === 'none' && counter === 0 && lineage.length > 0;
}

/** Phases in which `protect` starts a replica's store anew that is an old copy, or that knows no point. */
export const mayStartAnew: readonly Phase[] = ['protected', 'interrupted', 'syncing'];

/** Whether a replica's store has to start anew before anything is built on it, in the phases of `mayStartAnew`. */
export function startsAnew({ state, store }: Side): boolean {
  return state === 'stale' || (state === 'read' && store?.record.position === null);
}

/**
 * The replica's store is an old copy, so nothing in it can be trusted, or it knows nothing: it starts anew with the
 * ownership that the other side knows, in a higher epoch, so that no id of a point that it had is given out again. The
 * phase becomes, or stays, unprotected; the volumes are not touched.
 */
export function resetLostStore(group: OpenGroup, site: SiteLetter): void {
  const side = group.sides[site];
  const twin = group.storeOf(otherSite(site)).record;
  const unprotected = group.state.phase === 'unprotected';
  // Before the first point every store knows none.
  if (side.store === null || !startsAnew(side) || (unprotected && side.state === 'read')) return;
  const promotion = newPromotion(group, group.state.activeSite ?? otherSite(site), null, 'store-lost');
  const raised = { epoch: promotion.epoch, lineage: lineageWith(group, promotion) };
  if (side.state === 'stale') {
    const { serial, ...fresh } = freshRecord(group.definition, site, group.machine, twin, group.now());
    const leastSerial = 1 + Math.max(serial, twin.twinSerial, group.registration.lastSeen[site]?.serial ?? 0);
    side.store.update(
      { ...fresh, ...(unprotected ? raised : {}), counter: Math.max(side.store.record.counter, twin.counter) },
      group.now(),
      leastSerial,
    );
    side.store.collectGarbage();
    side.state = 'read';
    side.detail = '';
  }
  if (unprotected) group.settle(group.state, site);
  else group.apply('store-lost', site, raised);
}
