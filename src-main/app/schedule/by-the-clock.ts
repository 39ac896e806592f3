/**
 * What a group's views and the ends of its runs say of cycles by the clock, where these are not the next one in its
 * turn: that they are held since somebody stopped one, and when what failed is tried again without anybody's doing.
 */
import type { Catalog } from '../../catalog/database.ts';
import type { Runs } from '../../catalog/runs.ts';
import { SchedulerSeat } from '../../catalog/scheduler-seat.ts';
import { replicaLetter } from '../../contract/group-sides.ts';
import type { GroupView, Health } from '../../contract/groups.ts';
import type { Run } from '../../contract/runs.ts';
import { besideCycles, heldWords, phasesWithCycles, tryAgainWords, type ByClock } from '../../contract/schedule.ts';
import type { RunEnd } from '../../protection/execute.ts';
import { historyOf } from './history.ts';
import { turnsOf } from './turns.ts';

export class ByTheClock {
  readonly #runs: Runs;
  readonly #seat: SchedulerSeat;

  constructor(catalog: Catalog, runs: Runs, client: string) {
    this.#runs = runs;
    this.#seat = new SchedulerSeat(catalog, client);
  }

  /**
   * The view of a group with what the clock does of it. `notHere`: why no cycle of it begins here, as its pulse has it.
   * `just`: a run that has just ended, and is not kept as such yet. Throws as `Catalog.read`.
   */
  shown(view: GroupView, notHere: string | null, just?: Run): GroupView {
    const byClock = notHere === null ? this.#byClock(view, just) : null;
    if (byClock === null) return view;
    return { ...view, byClock, ...(byClock.does === 'hold' ? { health: withHeld(view, byClock) } : {}) };
  }

  /** Adds it to how a run ended, before that is kept and given to who waits for it. */
  tell(run: Run, end: RunEnd): void {
    try {
      // Whoever ran it was not kept from it by what keeps the clock.
      end.group = this.shown(end.group, null, run);
    } catch {
      // The catalog is disposable: a run ends without it, and the next view says it.
      return;
    }
    const { byClock, name } = end.group;
    if (byClock === undefined || besideCycles.includes(run.operation)) return;
    const failed = run.outcome === 'failed' || run.outcome === 'blocked';
    if (byClock.does === 'try-again' && !failed) return;
    const said =
      byClock.does === 'hold' ? heldWords(byClock.since, byClock.by) : tryAgainWords(byClock.at, name, Date.now());
    end.next = [...end.next, said];
    if (run.report !== undefined) run.report.next = end.next;
  }

  #byClock(view: GroupView, just?: Run): ByClock | null {
    const { name, phase, policy } = view;
    if (!policy.scheduled || !phasesWithCycles.includes(phase)) return null;
    const { holding, ...history } = historyOf(this.#runs, name, just);
    if (holding !== null) {
      const { at, ...by } = holding;
      return { does: 'hold', since: new Date(at).toISOString(), by };
    }
    // Steps of a plan, and the operation that they stand before, are gone on with by hand only.
    if (view.cutOff?.steps !== undefined) return null;
    if (view.cutOff === undefined && history.failures === 0) return null;
    if (this.#seat.schedule().scheduler === null) return null;
    const facts = {
      ...{ ...history, newestAt: newestOf(view), taken: null },
      ...{ targetSeconds: policy.rpoSeconds, quietHours: policy.quietHours },
    };
    const free = { scheduled: true, holding: null, devices: [], heldBy: null, notHere: null };
    const at = turnsOf([{ name, phase, ...free, facts }], [], Date.now())[0]?.at ?? null;
    return at === null ? null : { does: 'try-again', at: new Date(at).toISOString() };
  }
}

/** When the newest point of a cycle was taken, milliseconds; null where it is damaged, as in a pulse. */
function newestOf(view: GroupView): number | null {
  const letter = replicaLetter(view);
  const newest = view.points.findLast(({ kind, site }) => kind === 'cycle' && site === letter);
  return newest === undefined || newest.state === 'damaged' ? null : Date.parse(newest.at);
}

/** What was cut off, and what is critical, is more urgent. */
function withHeld(
  { health: { level, reasons }, cutOff }: GroupView,
  { since, by }: ByClock & { does: 'hold' },
): Health {
  const said = heldWords(since, by);
  const first = cutOff === undefined && level !== 'critical';
  return { level: level === 'ok' ? 'warning' : level, reasons: first ? [said, ...reasons] : [...reasons, said] };
}
