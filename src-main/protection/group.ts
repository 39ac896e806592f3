/**
 * A group as a run has it in hand: both sides' stores as far as they can be read, whose word governs, the state, and
 * the lock. Changes of state go through here: durable in the store of the side that is written first, then told to the
 * other.
 */
import { SitepairError } from '../contract/errors.ts';
import type { SiteLetter } from '../contract/phases.ts';
import { mayHoldMix } from '../store/content.ts';
import type { GroupStore } from '../store/group-store.ts';
import { FolderLock } from '../store/lock.ts';
import type { GroupDefinition, Machine, SiteRecord } from '../store/record.ts';
import { withDefinition } from './definition.ts';
import { asSitepairError } from './errors.ts';
import { isStale, judgeOwnership, roleOf, type Ownership } from './ownership.ts';
import { sites, type Registration } from './registration.ts';
import { openSides, type Side, remedyOfDenied } from './side.ts';
import { otherSite, transition, type Event, type GroupState } from './states.ts';

type Change = Parameters<GroupStore['update']>[0];

export class OpenGroup {
  readonly registration: Registration;
  readonly machine: Machine;
  readonly now: () => Date;
  sides: Record<SiteLetter, Side>;
  ownership: Ownership;
  state: GroupState;
  readonly #locks = new Map<SiteLetter, FolderLock>();
  #keepLocked = false;
  #untold: SitepairError | null = null;

  private constructor(registration: Registration, machine: Machine, now: () => Date) {
    this.registration = registration;
    this.machine = machine;
    this.now = now;
    this.sides = openSides(registration);
    this.ownership = this.#judge();
    this.state = this.#stateOf();
  }

  /** Reads both stores. Never fails for a store that cannot be read: that is said in its side. */
  static open(registration: Registration, machine: Machine, now: () => Date): OpenGroup {
    return new OpenGroup(registration, machine, now);
  }

  get name(): string {
    return this.definition.name;
  }

  /** The newest definition that can be read. */
  get definition(): GroupDefinition {
    const known = sites.flatMap((site) => this.sides[site].store?.record.definition ?? []);
    return [this.registration.definition, ...known].reduce((newest, one) =>
      one.version > newest.version ? one : newest,
    );
  }

  get replicaSite(): SiteLetter {
    return this.state.replicaSite ?? otherSite(this.definition.primarySite);
  }

  /** The store of a site, or the error that says why it cannot be used. */
  storeOf(site: SiteLetter): GroupStore {
    const side = this.sides[site];
    if (side.store !== null && side.state === 'read') return side.store;
    throw new SitepairError({
      code: side.state === 'stale' ? 'store-stale' : 'store-unread',
      message: `The store of site ${this.definition.siteNames[site]} (${side.folder}) cannot be used: ${side.detail}`,
      where: side.folder,
      remedy: side.denied
        ? remedyOfDenied
        : 'Mount its file system; if it is lost, give the group a new store with group set, then protect --overwrite.',
    });
  }

  /** What a site's store says; null where it cannot be used. */
  recordOf(site: SiteLetter): SiteRecord | null {
    const { store, state } = this.sides[site];
    return state === 'read' ? (store?.record ?? null) : null;
  }

  /** Whether somebody holds the group now, and who. */
  holder(): string | null {
    for (const site of sites) {
      if (this.sides[site].store === null) continue;
      const holder = FolderLock.holder(this.sides[site].folder);
      if (holder !== null) return holder;
    }
    return null;
  }

  /**
   * Takes the group's lock in every store that can be read, the primary site's first, then reads both again. Throws
   * `busy`.
   */
  lock(what: string): void {
    const primary = this.definition.primarySite;
    try {
      for (const site of [primary, otherSite(primary)]) {
        if (this.sides[site].store !== null) this.#locks.set(site, FolderLock.take(this.sides[site].folder, what));
      }
    } catch (error) {
      this.unlock();
      throw error;
    }
    this.reread();
  }

  /** A thread that a device holds may still write: the locks stay until the process is gone. */
  keepLocked(): void {
    this.#keepLocked = true;
  }

  /** Whether this process holds the group. */
  get locked(): boolean {
    return this.#locks.size > 0;
  }

  get locksKept(): boolean {
    return this.#keepLocked;
  }

  unlock(): void {
    if (this.#keepLocked) return;
    for (const lock of this.#locks.values()) lock.release();
    this.#locks.clear();
  }

  reread(): void {
    this.close();
    const sides = openSides(this.registration);
    this.sides = { A: this.#heldOnly(sides.A), B: this.#heldOnly(sides.B) };
    this.ownership = this.#judge();
    this.state = this.#stateOf();
  }

  close(): void {
    for (const site of sites) this.sides[site].store?.close();
  }

  /** The fields of a record in `site`'s store after an event, and the state; throws `not-allowed` with the reason. */
  fieldsAfter(event: Event, site: SiteLetter): { fields: Change; state: GroupState } {
    const next = transition(this.state, event);
    if ('reason' in next) {
      throw new SitepairError({
        code: 'not-allowed',
        message: `${event} is not possible: ${next.reason}.`,
        remedy: `See what is allowed now with: sitepair group show ${this.name}`,
      });
    }
    return { fields: this.#fields(next.state, site), state: next.state };
  }

  /** Applies an event: durable in the store of `site`, with what else changes there, then in the other one. */
  apply(event: Event, site: SiteLetter, change: Change = {}): void {
    const { fields, state } = this.fieldsAfter(event, site);
    this.storeOf(site).update({ ...change, ...fields }, this.now());
    this.settle(state, site);
  }

  /** Takes a state that was just made durable in `site`'s store as the present one, and tells the other store. */
  settle(state: GroupState, site: SiteLetter): void {
    this.state = state;
    this.ownership = this.#judge();
    this.tellOther(site);
  }

  /** What kept the other store from being told of a change in this run; the next command tells it. */
  get untold(): SitepairError | null {
    return this.#untold;
  }

  /** Throws what kept the other store from being told, where nothing may be built on it before it was. */
  assertTold(): void {
    if (this.#untold !== null) throw this.#untold;
  }

  /** Tells a store that was out of reach what the other one decided meanwhile, before anything is built on its word. */
  bringUpToDate(): void {
    const { relation, governing, other } = this.ownership;
    const missed = relation === 'behind' || (relation === 'agree' && other.phaseSerial < governing.phaseSerial);
    const newest = this.definition.version;
    const old = sites.some((site) => (this.recordOf(site)?.definition.version ?? newest) < newest);
    if (governing !== null && (missed || old)) this.tellOther(governing.site);
  }

  /**
   * Brings the other store's record up to date where it can be read. The store of `site` is the truth, and what it says
   * is durable: a store that does not take the news counts as unread from here on, as if the run had ended in between.
   */
  tellOther(site: SiteLetter): void {
    const from = this.sides[site].store?.record;
    const other = this.sides[otherSite(site)];
    if (from === undefined || other.store === null || other.state !== 'read' || this.ownership.relation === 'split') {
      return;
    }
    const { phase, phaseSerial, activeSite, replicaSite, epoch, lineage, undoingFrom, definition } = from;
    const defined = withDefinition(other.store.record, this.definition, activeSite);
    const { role = 'none', movedPairs = defined.movedPairs } = this.#fields(this.state, other.site);
    const news = { phase, phaseSerial, activeSite, replicaSite, epoch, lineage, undoingFrom, role, movedPairs };
    // No number that one side has given to a point comes again at the other: an id means one point for good.
    const counter = Math.max(from.counter, other.store.record.counter);
    const twin = { twinSerial: from.serial, twinMixed: mayHoldMix(from), counter };
    try {
      other.store.update({ ...defined, ...news, ...twin }, this.now());
    } catch (error) {
      this.#leaveUntold(other, asSitepairError(error));
    }
    if (definition.version < this.definition.version) {
      this.storeOf(site).update(withDefinition(from, this.definition, activeSite), this.now());
    }
    this.ownership = this.#judge();
  }

  /**
   * Writes something into a site's record that nothing rests on. A store that does not take it counts as unread from
   * here on, as one that is not told.
   */
  note(site: SiteLetter, change: Change): void {
    try {
      this.storeOf(site).update(change, this.now());
    } catch (error) {
      this.#leaveUntold(this.sides[site], asSitepairError(error));
    }
  }

  /** Where somebody else has written the record meanwhile, this run must not go on. */
  #leaveUntold(side: Side, error: SitepairError): void {
    if (error.report.code === 'fenced' || error.report.code === 'internal') throw error;
    side.store?.close();
    Object.assign(side, { store: null, state: 'unread', detail: error.message } satisfies Partial<Side>);
    this.#untold = error;
  }

  /** A store that came into reach after the lock was taken may be held by another run: this one leaves it alone. */
  #heldOnly(side: Side): Side {
    if (side.store === null || !this.locked || this.#locks.has(side.site)) return side;
    side.store.close();
    const detail = 'It came into reach while a run that does not hold it was under way; the next run uses it.';
    return { ...side, store: null, state: 'unread', detail };
  }

  #fields(state: GroupState, site: SiteLetter): Change {
    const serials = sites.map((one) => this.sides[one].store?.record.phaseSerial ?? 0);
    const replicating = !['failed-over', 'committed', 'unprotected'].includes(state.phase);
    return {
      phase: state.phase,
      phaseSerial: Math.max(...serials) + 1,
      activeSite: state.activeSite,
      replicaSite: state.replicaSite,
      undoingFrom: state.undoingFrom,
      role: roleOf(site, state.activeSite, state.replicaSite, replicating),
      // Whatever volumes production runs on are the ones that it leaves.
      ...(state.activeSite === site ? { movedPairs: [] } : {}),
      twinSerial: this.sides[otherSite(site)].store?.record.serial ?? this.sides[site].store?.record.twinSerial ?? 0,
    };
  }

  #judge(): Ownership {
    const usable = (site: SiteLetter): SiteRecord | null => {
      const side = this.sides[site];
      const record = side.store?.record ?? null;
      if (record === null) return null;
      const twin = this.sides[otherSite(site)].store?.record ?? null;
      const seen = this.registration.lastSeen[site]?.serial ?? 0;
      if (isStale(record, twin, seen)) {
        side.state = 'stale';
        side.detail =
          'It is an older copy than the one that was last used here; its points, maps and journals are not used.';
        return null;
      }
      return record;
    };
    return judgeOwnership(usable('A'), usable('B'));
  }

  #stateOf(): GroupState {
    const { governing } = this.ownership;
    const { primarySite } = this.definition;
    const nothing = {
      primarySite,
      replicaSite: null,
      reprotected: false,
      cancellable: false,
      undoingFrom: null,
    } as const;
    if (governing === null) return { ...nothing, phase: 'unprotected', activeSite: primarySite };
    const { replicaSite, phase, activeSite, undoingFrom } = governing;
    const replica = replicaSite === null ? null : this.recordOf(replicaSite);
    return {
      phase,
      activeSite,
      primarySite,
      replicaSite,
      reprotected: replica?.points.some((point) => point.kind === 'before-reprotect') ?? false,
      cancellable: phase === 'failing-over' && activeSite !== null,
      undoingFrom,
    };
  }
}
