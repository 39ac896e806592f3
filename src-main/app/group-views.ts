/**
 * The views of all groups, for a window: a group whose stores do not answer is shown as it was seen last, and holds up
 * none of the others. Each that is waited for keeps a thread; the others are read by the next.
 */
import type { GroupView } from '../contract/groups.ts';
import { asReport } from '../protection/errors.ts';
import type { SiteThread } from './site-thread.ts';

/** A group that takes longer than this to be read is shown as it was seen last, milliseconds. */
const patienceMs = 1500;
/** After so long the next group is read beside one that takes longer, milliseconds; and so many at once, at most. */
const besideMs = 200;
const mostBeside = 8;

export interface ViewSource {
  names: () => string[];
  /** Reads a group on this thread. */
  read: (name: string, thread: SiteThread) => Promise<GroupView>;
  thread: () => SiteThread;
  /** Called when a group that was shown as it was seen last has been read after all. */
  changed: () => void;
}

export class GroupViews {
  readonly #source: ViewSource;
  readonly #free: SiteThread[] = [];
  readonly #all = new Set<SiteThread>();
  readonly #last = new Map<string, GroupView>();
  /** Reads that are not through yet, and those that come after them: a group is not asked twice at once. */
  readonly #reading = new Map<string, Promise<GroupView>>();
  readonly #next = new Map<string, Promise<GroupView>>();
  /** Groups that are shown as they were seen last. */
  readonly #late = new Set<string>();

  constructor(source: ViewSource) {
    this.#source = source;
  }

  /** In the order of the names. Rejects as a read does, where a group was never seen before. */
  async list(): Promise<GroupView[]> {
    const reads: Promise<GroupView>[] = [];
    const beside = new Set<Promise<void>>();
    for (const name of this.#source.names()) {
      const read = this.#view(name);
      reads.push(read);
      const end = read.then(
        () => void beside.delete(end),
        () => void beside.delete(end),
      );
      beside.add(end);
      await aWhile(end);
      if (beside.size >= mostBeside) await Promise.race(beside);
    }
    const views = await Promise.all(reads);
    for (const name of this.#last.keys()) if (!views.some((view) => view.name === name)) this.#last.delete(name);
    return views;
  }

  /** Takes in how a run left a group: newer than what was seen last, but for its readiness. */
  left(view: GroupView): void {
    const readiness = this.#last.get(view.name)?.readiness;
    this.#last.set(view.name, { ...view, ...(readiness === undefined ? {} : { readiness }) });
  }

  /** The groups as they were seen last. */
  last(): GroupView[] {
    return [...this.#last.values()];
  }

  dispose(): void {
    for (const thread of this.#all) thread.dispose();
  }

  async #view(name: string): Promise<GroupView> {
    const read = this.#fresh(name);
    const last = this.#last.get(name);
    if (last === undefined) return read;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<GroupView>((resolve) => {
      timer = setTimeout(() => {
        this.#late.add(name);
        resolve(asSeenLast(last));
      }, patienceMs);
    });
    try {
      return await Promise.race([read, late]);
    } catch (error) {
      // Its thread was left behind.
      if (asReport(error).code === 'volume-stalled') return asSeenLast(last);
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  /** A read that begins now, or once the one under way is through: that may have missed what is asked for. */
  #fresh(name: string): Promise<GroupView> {
    const reading = this.#reading.get(name);
    if (reading === undefined) return this.#read(name);
    const known = this.#next.get(name);
    if (known !== undefined) return known;
    const again = (): Promise<GroupView> => {
      this.#next.delete(name);
      return this.#read(name);
    };
    const next = reading.then(again, again);
    this.#next.set(name, next);
    next.catch(() => undefined);
    return next;
  }

  #read(name: string): Promise<GroupView> {
    const thread = this.#free.pop() ?? this.#source.thread();
    this.#all.add(thread);
    const read = this.#source
      .read(name, thread)
      .then((view) => {
        this.#last.set(name, view);
        return view;
      })
      .finally(() => {
        this.#reading.delete(name);
        this.#free.push(thread);
        if (this.#late.delete(name)) this.#source.changed();
      });
    this.#reading.set(name, read);
    // Where nobody waits for it any more, its failure is nobody's.
    read.catch(() => undefined);
    return read;
  }
}

/** Resolves with the end of a read, or when that takes long: then it goes on beside the next. */
async function aWhile(end: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const long = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, besideMs);
  });
  await Promise.race([end, long]);
  clearTimeout(timer);
}

/** What was proved before it fell silent is proved no more. */
function asSeenLast(view: GroupView): GroupView {
  const silent = 'Its stores or volumes do not answer now.';
  const reason = 'Its stores or volumes do not answer now: this is how the group was seen last.';
  const { level, reasons } = view.health;
  const health = {
    level: level === 'ok' ? ('warning' as const) : level,
    reasons: [reason, ...reasons.filter((one) => one !== reason)],
  };
  const { readiness } = view;
  if (readiness === undefined) return { ...view, health };
  const { failover, both } = readiness.again;
  const again = { failover: failover ?? silent, both: both ?? silent };
  return { ...view, health, readiness: { ...readiness, again } };
}
