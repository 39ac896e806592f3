/** Gathers what a report needs, makes a page of it, and has it written where the operator wants it. */
import { extname } from 'node:path';
import type { Audit } from '../catalog/audit.ts';
import type { JoinedRuns } from '../catalog/joined-runs.ts';
import type { Runs } from '../catalog/runs.ts';
import { SitepairError } from '../contract/errors.ts';
import type { Evidence, EvidenceRequest, Written } from '../contract/evidence.ts';
import type { AuditEntry, AuditVerdict } from '../contract/machine.ts';
import { rehearsals, type Operation } from '../contract/phases.ts';
import type { Run } from '../contract/runs.ts';
import type { Made } from '../evidence/made.ts';
import { planReport } from '../evidence/plan-report.ts';
import { runReport } from '../evidence/run-report.ts';
import { runbook, type NamedPlan } from '../evidence/runbook.ts';
import { historyReport, toldInHistory } from '../evidence/side-changes.ts';
import { auditLog } from './audit-log-file.ts';
import { blockedAtOnce } from './blocked-at-once.ts';
import type { GroupBook } from './group-book.ts';
import type { SiteThread } from './site-thread.ts';

/** Makes a PDF of an HTML page that loads nothing. Rejects with a SitepairError where that cannot be done here. */
export type Printer = (page: string) => Promise<Uint8Array>;

export const noPrinter: Printer = () =>
  Promise.reject(
    new SitepairError({
      code: 'invalid-input',
      message: 'Nothing here can make a PDF.',
      remedy: 'Give a name that ends in .html, and print that page from any browser.',
    }),
  );

interface Places {
  runs: Runs;
  joined: JoinedRuns;
  audit: Audit;
  book: GroupBook;
  /** A folder that hangs holds this one, and nothing else. */
  thread: SiteThread;
  verify: () => Promise<AuditVerdict>;
  made: () => Made;
  /** The failover plans that a group is in. */
  joint: (group: string) => NamedPlan[];
  print: Printer;
}

/** Runs of each operation that a history has at most. */
const mostRuns = 500;

/** What may be run between an operation that stopped and the run that goes on with it, and is no attempt at it. */
const between: readonly Operation[] = ['verify', 'compare', 'drop-point', ...rehearsals];

export class EvidenceDesk {
  readonly #places: Places;

  constructor(places: Places) {
    this.#places = places;
  }

  /**
   * Writes it to a new file. Throws `invalid-input` where the file's ending is none of those, or it cannot be written;
   * `run-unknown`, `group-unknown`; and what printing throws.
   */
  async write({ of, file }: EvidenceRequest): Promise<Written> {
    const made = of.kind === 'audit' ? await this.#auditLog() : { content: await this.#pageAs(of, file) };
    const { content, ...said } = made;
    await this.#places.thread.ask('save', { file, content });
    return { file, sizeBytes: content.length, ...said };
  }

  /** A log that is broken is evidence too: it is written, and that is said in it and beside. */
  async #auditLog(): Promise<{ content: Uint8Array; broken?: string }> {
    const { audit, made, verify } = this.#places;
    const verdict = await verify();
    const content = await auditLog(audit, made(), verdict);
    return { content, ...(verdict.intact ? {} : { broken: verdict.detail }) };
  }

  async #pageAs(of: Exclude<Evidence, { kind: 'audit' }>, file: string): Promise<Uint8Array> {
    const ending = extname(file).toLowerCase();
    if (ending !== '.html' && ending !== '.pdf') throw endingUnknown(file);
    const page = await this.#pageOf(of);
    return ending === '.pdf' ? this.#places.print(page) : Buffer.from(page, 'utf8');
  }

  async #pageOf(of: Exclude<Evidence, { kind: 'audit' }>): Promise<string> {
    const { runs, book, verify, made, joint } = this.#places;
    if (of.kind === 'runbook') {
      const plan = await book.showPlan(of.group).catch(() => null);
      const group = await book.show(of.group);
      return runbook(group, made(), { plan, joint: joint(group.name), proved: group.readiness });
    }
    if (of.kind === 'history') return historyReport(of.group, this.#attempts(of.group), made());
    if (of.kind === 'plan-run') return this.#planPage(of.id);
    const run = runs.get(of.id);
    const led = this.#ledTo(run);
    return runReport({ run, led, audit: this.#entriesOf([...led, run]), verdict: await verify(), made: made() });
  }

  async #planPage(id: string): Promise<string> {
    const { runs, joined, audit, verify, made } = this.#places;
    const run = joined.get(id);
    const since = run.attempts[0]?.at ?? '';
    const groups = run.turns.map((turn) => {
      const own = [...runs.back(turn.group, since)].filter(({ partOf }) => partOf?.id === id).toReversed();
      return { turn, runs: own.map((one) => ({ run: runs.get(one.id), led: this.#ledTo(one) })) };
    });
    const ofGroups = this.#entriesOf(groups.flatMap((group) => group.runs.map((one) => one.run)));
    const entries = [...audit.ofPlanRun(id), ...ofGroups].sort((a, b) => a.sequence - b.sequence);
    return planReport({ run, groups, audit: entries, verdict: await verify(), made: made() });
  }

  #entriesOf(attempts: readonly Run[]): AuditEntry[] {
    return attempts.flatMap(({ id }) => this.#places.audit.ofRun(id, 0)).sort((a, b) => a.sequence - b.sequence);
  }

  #attempts(group: string): { run: Run; led: Run[] }[] {
    this.#places.book.registration(group);
    const { runs } = this.#places;
    // By what they are called, as cycles are many more than all others.
    const found = toldInHistory.flatMap((text) => runs.list({ group, text, limit: mostRuns }));
    const told = new Map(
      found.filter(({ operation }) => toldInHistory.includes(operation)).map((run) => [run.id, run]),
    );
    return [...told.values()]
      .sort((a, b) => b.startedAt.localeCompare(a.startedAt))
      .map(({ id }) => runs.get(id))
      .map((run) => ({ run, led: this.#ledTo(run) }));
  }

  /**
   * The attempts that a resumed run went on from, oldest first. Cycles go on while an operation waits at a step before
   * it: where the newest one came to its end, none of them is what was resumed.
   */
  #ledTo(run: Run): Run[] {
    if (run.operation !== 'resume') return [];
    const led: Run[] = [];
    let cyclesBetween = false;
    for (const before of this.#places.runs.list({ group: run.groupName, before: run.id, limit: 100 })) {
      if (blockedAtOnce(before) || between.includes(before.operation)) continue;
      if (before.operation === 'sync' && led.length === 0) cyclesBetween ||= before.outcome === 'succeeded';
      if (before.operation === 'sync' && cyclesBetween) continue;
      if (before.outcome === 'succeeded' || before.outcome === null) break;
      led.unshift(this.#places.runs.get(before.id));
      if (before.operation !== 'resume') break;
    }
    return led;
  }
}

function endingUnknown(file: string): SitepairError {
  return new SitepairError({
    code: 'invalid-input',
    message: `${file} says by its ending neither HTML nor PDF.`,
    where: file,
    remedy: 'Give a name that ends in .html or .pdf.',
  });
}
