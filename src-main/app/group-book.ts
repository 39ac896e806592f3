/** The groups that this machine knows: the catalog's rows, and the calls that make, show, change and forget them. */
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Catalog } from '../catalog/database.ts';
import { Groups, type GroupRow } from '../catalog/groups.ts';
import { SitepairError } from '../contract/errors.ts';
import type {
  GroupAdopt,
  GroupCreate,
  GroupSet,
  GroupView,
  NewGroupStep,
  Objection,
  TestNote,
} from '../contract/groups.ts';
import { awaitsFirstWrite } from '../contract/held-points.ts';
import type { PairChange, PairOutlook } from '../contract/pairs.ts';
import type { PlanSet, PlanView } from '../contract/plan.ts';
import type { Run } from '../contract/runs.ts';
import { isConfirmed, unconfirmed } from '../protection/confirmation.ts';
import { storeSightSchema, type Registration, type StoreSight } from '../protection/registration.ts';
import type { StoredEntry } from '../protection/run-log.ts';
import type { Sight, TaskMap } from '../protection/tasks.ts';
import { groupDefinitionSchema, type GroupDefinition } from '../store/record.ts';
import { GroupViews } from './group-views.ts';
import { SiteThread } from './site-thread.ts';

type Row = GroupRow<GroupDefinition, StoreSight>;

function rowOf(registration: Registration): Row {
  const { definition, storePaths, lastSeen, confirmedCommands } = registration;
  return { id: definition.id, name: definition.name, definition, storePaths, lastSeen, confirmedCommands };
}

type FoldersLeft = TaskMap['remove']['output'];

export class GroupBook {
  readonly #groups: Groups<GroupDefinition, StoreSight>;
  readonly #thread: SiteThread;
  readonly #views = new GroupViews({
    names: () => this.#groups.list().map((row) => row.name),
    read: (name, thread) => this.show(name, thread),
    thread: () => new SiteThread(),
    changed: () => {
      this.#changed();
    },
  });
  readonly #shown: (sight: Sight) => GroupView;
  readonly #changed: () => void;

  /**
   * `shown` adds to each view what is known of the group here; `changed` is called when one that did not answer for a
   * while has been read after all.
   */
  constructor(
    catalog: Catalog,
    thread: SiteThread,
    shown: (sight: Sight) => GroupView,
    changed: () => void = () => undefined,
  ) {
    this.#shown = shown;
    this.#changed = changed;
    this.#groups = new Groups(catalog, { definition: groupDefinitionSchema, lastSeen: storeSightSchema });
    this.#thread = thread;
  }

  /** Throws `group-unknown`. */
  registration(name: string): Registration {
    const { definition, storePaths, lastSeen, confirmedCommands } = this.#groups.get(name);
    return { definition, storePaths, lastSeen, confirmedCommands };
  }

  registrations(): Registration[] {
    return this.#groups.list().map(({ name }) => this.registration(name));
  }

  /** Keeps what was seen of a group's stores where it is new, and gives the registration as it is then. */
  remember(registration: Registration, sight: Pick<Sight, 'definition' | 'lastSeen'>): Registration {
    const { definition, lastSeen } = sight;
    const { id } = registration.definition;
    const change = (row: Row): Pick<Row, 'definition' | 'lastSeen'> => ({
      definition: definition.version >= row.definition.version ? definition : row.definition,
      lastSeen: { A: newer(lastSeen.A, row.lastSeen.A), B: newer(lastSeen.B, row.lastSeen.B) },
    });
    const known = this.#groups.getById(id);
    if (known === null) return registration;
    // Whoever only looks does not write: other processes would take it for a change, and look themselves.
    if (!isDeepStrictEqual({ ...known, ...change(known) }, known)) this.#groups.update(id, change);
    return this.registration(definition.name);
  }

  /** Where the records of all groups lie, as far as that is known. */
  recordFiles(): string[] {
    return this.#groups
      .list()
      .flatMap(({ name, storePaths }) =>
        [storePaths.A, storePaths.B].flatMap((store) => (store === null ? [] : join(store, name, 'record'))),
      );
  }

  /** Whether volumes are to be looked at again, as they were seen last: a missing one comes back, production writes. */
  unsettled(): boolean {
    return this.#views.last().some((view) => view.missing !== undefined || awaitsFirstWrite(view));
  }

  /** The definitions of all groups. */
  definitions(): GroupDefinition[] {
    return this.#groups.list().map((row) => row.definition);
  }

  /** The definitions of all groups but this one. */
  others(name: string): GroupDefinition[] {
    return this.#groups.list().flatMap((row) => (row.name === name ? [] : [row.definition]));
  }

  async create(input: GroupCreate): Promise<GroupView> {
    if (this.#groups.list().some((row) => row.name === input.name)) throw existing(input.name);
    const others = this.others(input.name);
    const { registration } = await this.#thread.ask('create', { request: input, others });
    this.#groups.add(rowOf(registration));
    return this.show(input.name);
  }

  /** What stands against a new group that is filled in until this step. */
  async objectionsTo(input: GroupCreate, until: NewGroupStep): Promise<Objection[]> {
    const taken = this.#groups.list().some((row) => row.name === input.name);
    const others = this.others(input.name);
    const objections = await this.#thread.ask('objections', { request: input, until, others });
    return [...(taken ? [{ step: 'names' as const, report: existing(input.name).report }] : []), ...objections];
  }

  list(): Promise<GroupView[]> {
    return this.#views.list();
  }

  /** How a run left a group: so it is shown where it cannot be read in time. */
  left(view: GroupView): void {
    this.#views.left(view);
  }

  /** Lets go of the threads that read views. */
  dispose(): void {
    this.#views.dispose();
  }

  async show(name: string, thread = this.#thread): Promise<GroupView> {
    const registration = this.registration(name);
    const sight = await thread.ask('view', { registration });
    this.remember(registration, sight);
    return this.#shown(sight);
  }

  async set(input: GroupSet): Promise<GroupView> {
    const { registration } = await this.#thread.ask('set', {
      request: input,
      registration: this.registration(input.name),
      others: this.others(input.name),
    });
    this.#groups.update(registration.definition.id, () => rowOf(registration));
    return this.show(input.name);
  }

  lookAtPairs(request: PairChange): Promise<PairOutlook> {
    const { name } = request;
    const input = { request, registration: this.registration(name), others: this.others(name) };
    return this.#thread.ask('look-at-pairs', input);
  }

  async changePairs(request: PairChange): Promise<GroupView> {
    const { name } = request;
    const input = { request, registration: this.registration(name), others: this.others(name) };
    const { registration } = await this.#thread.ask('change-pairs', input);
    this.#groups.update(registration.definition.id, () => rowOf(registration));
    return this.show(name);
  }

  showPlan(name: string): Promise<PlanView> {
    return this.#thread.ask('show-plan', { registration: this.registration(name) });
  }

  async setPlan(request: PlanSet, operator: string): Promise<PlanView> {
    const input = { request, registration: this.registration(request.name), operator };
    const { registration } = await this.#thread.ask('set-plan', input);
    this.#groups.update(registration.definition.id, () => rowOf(registration));
    return this.showPlan(request.name);
  }

  /** Keeps what the operator found in the last test failover; `runId`: of the run that made it. */
  async noteTest(request: TestNote, operator: string): Promise<{ group: GroupView; runId: string }> {
    const registration = this.registration(request.group);
    const { runId, ...sight } = await this.#thread.ask('note-test', { registration, request, operator });
    this.remember(registration, sight);
    return { group: this.#shown(sight), runId };
  }

  /** Gives the folders in stores that a purge left: as they hold files of others, or could not be read. */
  async remove(input: { name: string; confirm?: string | undefined; purge: boolean }): Promise<FoldersLeft> {
    const registration = this.registration(input.name);
    if (!isConfirmed(input.name, input.confirm, true)) {
      const lost = input.purge
        ? `Removing ${input.name} with --purge deletes its points, journals and maps from both stores; its volumes stay.`
        : `Removing ${input.name} makes this machine forget it; its volumes and stores stay and can be adopted again.`;
      throw unconfirmed(input.name, input.confirm, lost);
    }
    const folders = await this.#thread.ask('remove', { registration, purge: input.purge });
    this.#groups.remove(registration.definition.id);
    return folders;
  }

  async adopt(input: GroupAdopt): Promise<{ group: GroupView; notes: string[]; runs: Run[] }> {
    const known = this.registrations();
    const { registration, notes, runs } = await this.#thread.ask('adopt', { request: input, known });
    const { id } = registration.definition;
    if (this.#groups.getById(id) === null) this.#groups.add(rowOf(registration));
    else this.#groups.update(id, () => rowOf(registration));
    return { group: await this.show(registration.definition.name), notes, runs };
  }

  /** Audit entries of a chain that the stores of all groups know. */
  async anchors(chain: string): Promise<StoredEntry[]> {
    const found: StoredEntry[] = [];
    for (const row of this.#groups.list()) {
      found.push(...(await this.#thread.ask('anchors', { registration: this.registration(row.name), chain })));
    }
    return found;
  }
}

function newer(a: StoreSight | null, b: StoreSight | null): StoreSight | null {
  if (a === null || b === null) return a ?? b;
  return a.serial >= b.serial ? a : b;
}

function existing(name: string): SitepairError {
  return new SitepairError({
    code: 'group-exists',
    message: `There is a group named ${name} already.`,
    where: name,
    remedy: 'Choose another name, or remove the old group first.',
  });
}
