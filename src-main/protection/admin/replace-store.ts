/**
 * A store at another place: the group's folder was moved there, or the old one is lost and a new one starts with what
 * the other store knows.
 */
import { SitepairError } from '../../contract/errors.ts';
import type { SiteLetter } from '../../contract/phases.ts';
import { FolderDisk } from '../../store/folder-disk.ts';
import type { Machine } from '../../store/record.ts';
import { isConfirmed, unconfirmed } from '../confirmation.ts';
import { OpenGroup } from '../group.ts';
import { lineageWith, newPromotion } from '../operations/promotion.ts';
import type { Registration } from '../registration.ts';
import { remedyOfDenied } from '../side.ts';
import { otherSite, type Event, type GroupState } from '../states.ts';
import { freshRecord, isUnfinished, makeGroupFolder } from '../store-setup.ts';

/**
 * What the loss of the replica's store makes of a group: an open cycle has no way back any more, and neither have the
 * points. A failover whose undo was cut off is undone all the same: the old side is whole, and nothing else is.
 */
function eventsOfLoss({ phase, activeSite, undoingFrom }: GroupState): readonly Event[] {
  if (phase === 'protected' || phase === 'interrupted' || phase === 'syncing') return ['store-lost'];
  if (phase === 'seeding') return ['rollback'];
  if (phase === 'reprotecting') return ['undo'];
  if (phase === 'undoing') return undoingFrom === 'protected' ? ['done'] : ['done', 'store-lost'];
  if (phase === 'failing-over' && activeSite !== null) return ['rollback', 'store-lost'];
  return [];
}

function refused(storePath: string, message: string, remedy: string): SitepairError {
  return new SitepairError({ code: 'store-unsuitable', message, where: storePath, remedy });
}

/**
 * Throws `store-unsuitable` where the new store cannot take the lost one's place; it may be the present one, made in an
 * attempt that was cut off. Throws `permission-denied` where the old one is only not to be read by this user.
 */
function assertLost(group: OpenGroup, site: SiteLetter, storePath: string): void {
  const { folder, state, denied, detail } = group.sides[site];
  if (denied) {
    throw new SitepairError({
      code: 'permission-denied',
      message: `The present store ${folder} is not lost, but this user may not use it: ${detail} It was not replaced.`,
      where: folder,
      remedy: remedyOfDenied,
    });
  }
  if (state === 'read' && group.registration.storePaths[site] !== storePath) {
    throw refused(
      storePath,
      `${storePath} holds nothing that ${group.name} could go on with, and the present store ${folder} is well.`,
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

/** Throws `confirmation-missing` or `confirmation-wrong`, saying what a new store ends. */
function assertConfirmed(group: OpenGroup, site: SiteLetter, confirm: string | undefined): void {
  if (isConfirmed(group.name, confirm, true)) return;
  const { folder, detail } = group.sides[site];
  const { siteNames } = group.definition;
  throw unconfirmed(
    group.name,
    confirm,
    `The store ${folder} cannot be used (${detail.replace(/\.$/, '')}). A new one in its place ends what it holds: the points of ${siteNames[site]} and the way back to them, for good, even where it turns up again. Where it is only not mounted, mount it instead.`,
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
    // The other side's store holds nothing that the replica's volumes need.
    if (site !== group.replicaSite || state.phase === 'unprotected') {
      group.tellOther(twin);
      group.assertTold();
      return;
    }
    // A higher epoch, so that no id of a lost point is given out again, and the lost store is behind should it come
    // back.
    const promotion = newPromotion(group, state.activeSite ?? twin, null, 'store-lost');
    let fields: ReturnType<OpenGroup['fieldsAfter']>['fields'] = {};
    for (const event of eventsOfLoss(state)) ({ fields, state: group.state } = group.fieldsAfter(event, twin));
    const raised = { epoch: promotion.epoch, lineage: lineageWith(group, promotion) };
    group.storeOf(twin).update({ ...raised, ...fields }, now());
    group.settle(group.state, twin);
    group.assertTold();
  } finally {
    group.unlock();
    group.close();
  }
}

/**
 * Gives the group's store at a site another place; a new one has to be confirmed. Throws `store-unsuitable` where that
 * cannot be, `busy`, and what making a folder throws.
 */
export function replaceStore(
  registration: Registration,
  site: SiteLetter,
  storePath: string,
  confirm: string | undefined,
  machine: Machine,
  now: () => Date,
): Registration {
  const { definition, storePaths, lastSeen } = registration;
  const moved: Registration = { ...registration, storePaths: { ...storePaths, [site]: storePath } };
  const anew: Registration = { ...moved, lastSeen: { ...lastSeen, [site]: null } };
  const present = new FolderDisk(`${storePath}/${definition.name}`).exists('record');
  if (present) {
    const cutOff = openMoved(anew, site, machine, now);
    const record = cutOff.recordOf(site);
    cutOff.close();
    if (record === null || !isUnfinished(record)) return moved;
  }
  const group = OpenGroup.open(registration, machine, now);
  try {
    group.lock('group set');
    assertLost(group, site, storePath);
    if (!present) assertConfirmed(group, site, confirm);
    const twin = group.storeOf(otherSite(site)).record;
    if (!present) makeGroupFolder(storePath, freshRecord(group.definition, site, machine, twin, now()));
  } finally {
    group.unlock();
    group.close();
  }
  startAnew(anew, site, machine, now);
  return anew;
}
