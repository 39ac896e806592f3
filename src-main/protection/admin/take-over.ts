/**
 * Taking over: this machine becomes the one that may write the volumes of one site. The epoch is raised, so that
 * whoever wrote them before is fenced. The other site stays with its machine: with an installation at each site that is
 * how it should be. Of a split it chooses the side whose store is given.
 */
import { randomUUID } from 'node:crypto';
import { SitepairError } from '../../contract/errors.ts';
import type { SiteLetter } from '../../contract/phases.ts';
import { atNoPoint, mayHoldMix } from '../../store/content.ts';
import type { Machine, Promotion, SiteRecord } from '../../store/record.ts';
import type { OpenGroup } from '../group.ts';
import { leftoversWith } from '../operations/leftovers.ts';
import { countedClonesAt } from '../operations/promoted-clones.ts';
import { roleOf } from '../ownership.ts';
import { otherSite } from '../states.ts';

type Change = Partial<SiteRecord>;

/** What both records are to say of the state. */
function stateOf(
  kept: SiteRecord,
  other: SiteRecord | null,
  split: boolean,
): Pick<SiteRecord, 'phase' | 'activeSite' | 'replicaSite' | 'undoingFrom'> {
  const { phase, activeSite, replicaSite, undoingFrom } = kept;
  if (!split || other === null) return { phase, activeSite, replicaSite, undoingFrom };
  if (!livedApart(kept, other)) {
    const later = other.phaseSerial > kept.phaseSerial ? other : kept;
    return { phase: later.phase, activeSite, replicaSite: later.replicaSite, undoingFrom: later.undoingFrom };
  }
  // What was to be brought to the kept side goes on there. What was to be brought to the other one, which has a life of
  // its own now, is not: production is at the kept side.
  const goesOn =
    replicaSite === kept.site || activeSite === other.site || phase === 'failed-over' || phase === 'committed';
  if (goesOn) return { phase, activeSite, replicaSite, undoingFrom };
  return { phase: 'committed', activeSite: kept.site, replicaSite: otherSite(kept.site), undoingFrom: null };
}

/** Whether production went on at both sides of a split; else two machines took over what says the same. */
function livedApart(kept: SiteRecord, other: SiteRecord): boolean {
  if (kept.activeSite !== other.activeSite) return true;
  return kept.activeSite === null && (kept.phase !== other.phase || kept.replicaSite !== other.replicaSite);
}

/** Whether a side's volumes are neither at a point nor as production left them. */
function isHalfWay({ receiving, moving, promoting, incomplete }: SiteRecord): boolean {
  return receiving !== null || moving !== null || (promoting?.swap ?? null) !== null || incomplete;
}

/** Throws `not-allowed` where production would be given to volumes that are half-way between two states. */
function assertWhole(group: OpenGroup, records: readonly SiteRecord[], activeSite: SiteLetter | null): void {
  const record = records.find((one) => one.site === activeSite);
  if (record === undefined || !isHalfWay(record)) return;
  const { definition } = group;
  throw new SitepairError({
    code: 'not-allowed',
    message: `Production would be at ${definition.siteNames[record.site]} then, whose volumes were cut off half-way between two states; nothing was changed.`,
    where: group.sides[record.site].folder,
    remedy: 'Choose the other side, with the store of that one.',
  });
}

/**
 * What the side that was not chosen can go back to belongs to a chain that ends here; but where its volumes are
 * half-way between two states, it is the only way out of that.
 */
function endedAt(group: OpenGroup, record: SiteRecord): Change {
  if (record.receiving !== null || record.moving !== null) return {};
  const promoting = isHalfWay(record) ? record.promoting : null;
  return { ...atNoPoint, promoting, ...leftoversWith(record, countedClonesAt(group, record.site)) };
}

/** Makes this machine the writer at site `kept`; gives notes for the operator. The group must be locked. */
export function takeOver(group: OpenGroup, kept: SiteLetter, machine: Machine): string[] {
  const { ownership, definition } = group;
  const split = ownership.relation === 'split';
  const store = group.storeOf(kept);
  const otherSide = group.sides[otherSite(kept)];
  const other = otherSide.state === 'read' ? otherSide.store : null;
  const governing = split ? store.record : (ownership.governing ?? store.record);
  const promotion: Promotion = {
    epoch: 1 + Math.max(store.record.epoch, other?.record.epoch ?? 0),
    id: randomUUID(),
    site: governing.activeSite ?? kept,
    point: null,
    at: group.now().toISOString(),
    why: split ? 'keep' : 'take-over',
  };
  const state = stateOf(governing, other?.record ?? null, split);
  const apart = split && other !== null && livedApart(store.record, other.record);
  if (apart) assertWhole(group, [store.record, other.record], state.activeSite);
  const replicating = !['failed-over', 'committed', 'unprotected'].includes(state.phase);
  const shared = (site: SiteLetter): Change => ({
    ...state,
    epoch: promotion.epoch,
    lineage: [...governing.lineage, promotion],
    phaseSerial: 1 + Math.max(store.record.phaseSerial, other?.record.phaseSerial ?? 0),
    role: roleOf(site, state.activeSite, state.replicaSite, replicating),
  });
  const twinMixed = other === null ? store.record.twinMixed : mayHoldMix(other.record);
  store.update({ ...shared(kept), machine, twinMixed }, group.now());
  const there = definition.siteNames[otherSide.site];
  if (other === null) {
    return [`The store of ${there} could not be told; it learns of the take-over when it is seen again.`];
  }
  const ended = apart ? endedAt(group, other.record) : {};
  const twin = { twinSerial: store.record.serial, twinMixed: mayHoldMix(store.record) };
  other.update({ ...shared(otherSide.site), ...ended, ...twin }, group.now());
  const notes: string[] = [];
  if (other.record.machine.id !== machine.id) {
    notes.push(
      `The volumes of ${there} still belong to the machine ${other.record.machine.name}; to write them here too, adopt that store with --take-over as well.`,
    );
  }
  if (apart) {
    notes.push(
      `${definition.siteNames[kept]} is kept. What ${there} holds stays untouched until the group is reprotected, and is saved then.`,
    );
  }
  return notes;
}
