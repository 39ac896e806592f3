/**
 * A store at another place: the group's folder was moved there, or the old one is lost and a new one starts with what
 * the other store knows.
 */
import { SitepairError } from '../../contract/errors.ts';
import type { SiteLetter } from '../../contract/phases.ts';
import { FolderDisk } from '../../store/folder-disk.ts';
import type { Machine } from '../../store/record.ts';
import { OpenGroup } from '../group.ts';
import { lineageWith, newPromotion } from '../operations/promotion.ts';
import type { Registration } from '../registration.ts';
import { otherSite, type Event, type GroupState } from '../states.ts';
import { freshRecord, makeGroupFolder } from '../store-setup.ts';

/**
 * What the loss of the replica's store makes of a group: an open cycle has no way back any more, and neither have the
 * points.
 */
function eventOfLoss({ phase, activeSite, undoingFrom }: GroupState): Event | null {
  if (phase === 'protected' || phase === 'interrupted' || phase === 'syncing') return 'store-lost';
  if (phase === 'seeding') return 'rollback';
  if (phase === 'reprotecting') return 'undo';
  if (phase === 'undoing' && undoingFrom === 'protected') return 'done';
  if (phase === 'failing-over' && activeSite !== null) return 'rollback';
  return null;
}

function refused(storePath: string, message: string, remedy: string): SitepairError {
  return new SitepairError({ code: 'store-unsuitable', message, where: storePath, remedy });
}

/** Throws `store-unsuitable` where the new store cannot take the lost one's place. */
function assertLost(group: OpenGroup, site: SiteLetter, storePath: string): void {
  const { folder, state } = group.sides[site];
  if (state === 'read') {
    throw refused(
      storePath,
      `${storePath} holds no record of ${group.name}, and the present store ${folder} is well.`,
      'Move the folder of the group there first (with nothing running), then set the new place.',
    );
  }
  const { phase, activeSite } = group.state;
  if (phase !== 'failing-over' || activeSite !== null || group.replicaSite !== site) return;
  throw refused(
    storePath,
    `${group.name} is failing over, and only the store ${folder} knows how far its volumes were brought.`,
    'Put that store back, then resume the failover.',
  );
}

/** The group with the store at its new place. A folder of another group there is refused. */
function openMoved(moved: Registration, site: SiteLetter, machine: Machine, now: () => Date): OpenGroup {
  const group = OpenGroup.open(moved, machine, now);
  const { state, folder, detail } = group.sides[site];
  if (state === 'read' || state === 'stale') return group;
  group.close();
  throw refused(
    folder,
    `The store ${folder} cannot be used: ${detail}`,
    'Give a directory where no other group of this name has its folder.',
  );
}

function startAnew(moved: Registration, site: SiteLetter, machine: Machine, now: () => Date): void {
  const group = openMoved(moved, site, machine, now);
  const twin = otherSite(site);
  try {
    group.lock('group set');
    const { state } = group;
    if (state.activeSite === site || state.phase === 'unprotected') {
      group.tellOther(twin);
      return;
    }
    // A higher epoch, so that no id of a lost point is given out again, and the lost store is behind should it come
    // back.
    const promotion = newPromotion(group, state.activeSite ?? twin, null, 'store-lost');
    const change = { epoch: promotion.epoch, lineage: lineageWith(group, promotion), promoting: null };
    const event = eventOfLoss(state);
    if (event !== null) {
      group.apply(event, twin, change);
    } else {
      group.storeOf(twin).update(change, now());
      group.tellOther(twin);
    }
  } finally {
    group.unlock();
    group.close();
  }
}

/**
 * Gives the group's store at a site another place. Throws `store-unsuitable` where that cannot be, `busy`, and what
 * making a folder throws.
 */
export function replaceStore(
  registration: Registration,
  site: SiteLetter,
  storePath: string,
  machine: Machine,
  now: () => Date,
): Registration {
  const { definition, storePaths, lastSeen } = registration;
  const moved: Registration = { ...registration, storePaths: { ...storePaths, [site]: storePath } };
  if (new FolderDisk(`${storePath}/${definition.name}`).exists('record')) {
    openMoved(moved, site, machine, now).close();
    return moved;
  }
  const group = OpenGroup.open(registration, machine, now);
  try {
    group.lock('group set');
    assertLost(group, site, storePath);
    makeGroupFolder(
      storePath,
      freshRecord(group.definition, site, machine, group.storeOf(otherSite(site)).record, now()),
    );
  } finally {
    group.unlock();
    group.close();
  }
  const anew: Registration = { ...moved, lastSeen: { ...lastSeen, [site]: null } };
  startAnew(anew, site, machine, now);
  return anew;
}
