/**
 * The prerequisites of a wizard as they were looked at last, and the state that the group was in then. Every new look
 * drops what was found and acknowledged before, and an answer that a newer look has overtaken is ignored: what is
 * reviewed and confirmed is always what was found for the choices that are sent.
 */
import type { CheckId, CheckReading, CheckReport } from '../../src-main/contract/checks.ts';
import type { ErrorReport } from '../../src-main/contract/errors.ts';
import type { GroupView } from '../../src-main/contract/groups.ts';
import type { OperationRequest } from '../../src-main/contract/runs.ts';
import { invoke, reportOf, subscribe } from '../state/api.ts';
import { phaseWords } from '../state/wording.ts';

type Seen = NonNullable<OperationRequest['seen']>;

/** An open cycle is shown as either, by whether somebody held the group at the moment of reading. */
const openCycle: readonly string[] = ['syncing', 'interrupted'];

/** How a group differs from what was seen of it, as one sentence; null where it does not. */
export function changeSince({ id, version, epoch, phase }: Seen, group: GroupView): string | null {
  const again = 'everything is looked at again.';
  if (id !== group.id) return `Another group has this name since this was looked at: ${again}`;
  const samePhase = phase === group.phase || (openCycle.includes(phase) && openCycle.includes(group.phase));
  if (!samePhase || epoch !== group.epoch) {
    const which = samePhase ? '' : `, from “${phaseWords[phase]}” to “${phaseWords[group.phase]}”`;
    return `The group has changed since this was looked at${which}: ${again}`;
  }
  if (version === group.version) return null;
  return `The paths or the policy of the group were changed since this was looked at: ${again}`;
}

/** A report in which one check was looked at again; of what would happen, the findings of the others still hold. */
function renewed(report: CheckReport, found: CheckReport, only: CheckId): CheckReport {
  const others = report.checks.filter((check) => check.id !== only).map((check) => check.found);
  return {
    ...report,
    checks: report.checks.map((check) => found.checks.find((fresh) => fresh.id === check.id) ?? check),
    consequences: [...report.consequences.filter((sentence) => others.includes(sentence)), ...found.consequences],
  };
}

export class Prerequisites {
  report = $state.raw<CheckReport | null>(null);
  /** Ids of checks that the operator has acknowledged. */
  acknowledged = $state.raw<string[]>([]);
  /** "all", or the check that is looked at. */
  looking = $state<string | null>(null);
  failure = $state.raw<ErrorReport | null>(null);
  /** What the group was when all was looked at. */
  seen = $state.raw<Seen | null>(null);
  /** How far a look is that reads all of the volumes; null while none does. */
  reading = $state.raw<CheckReading | null>(null);
  #last = 0;
  /** The group that is looked at. */
  #group: string | null = null;

  /** Looks at all prerequisites of a request, or again at `only` one of them. Never rejects. */
  async look(request: OperationRequest, group: GroupView, only?: CheckId): Promise<void> {
    const before = only === undefined ? null : this.report;
    // One that reads all would go on beside this one.
    this.stop();
    this.#last += 1;
    const mine = this.#last;
    this.report = before;
    this.failure = null;
    this.acknowledged = before === null ? [] : this.acknowledged.filter((id) => id !== only);
    this.looking = only ?? 'all';
    this.#group = group.name;
    if (before === null) {
      const { id, version, epoch, phase } = group;
      this.seen = { id, version, epoch, phase };
    }
    const deaf = subscribe('checks.reading', (reading) => {
      if (mine === this.#last && reading.group === group.name) this.reading = reading;
    });
    try {
      const found = await invoke('checks.run', only === undefined ? request : { ...request, only });
      if (mine !== this.#last) return;
      this.report = before === null || only === undefined ? found : renewed(before, found, only);
    } catch (error) {
      if (mine !== this.#last) return;
      this.report = null;
      this.failure = reportOf(error);
    } finally {
      deaf();
    }
    this.looking = null;
    this.reading = null;
    this.#group = null;
  }

  /** What is sent with the start: what was seen and taken on oneself; null while nothing has been found. */
  get taken(): Required<Pick<OperationRequest, 'accept' | 'read' | 'seen'>> | null {
    if (this.report === null || this.seen === null) return null;
    const accepted = this.report.checks.filter((one) => one.acceptable && this.acknowledged.includes(one.id));
    return {
      accept: accepted.map(({ id }) => id),
      read: accepted.map(({ id, status, found, gist = found }) => ({ id, status, gist })),
      seen: this.seen,
    };
  }

  /** Ends the look under way, if there is one; it then says that it was stopped. */
  stop(): void {
    const group = this.#group;
    this.#group = null;
    this.reading = null;
    // Where the stop does not arrive, the look ends by itself, and is ignored where it is not wanted.
    if (group !== null) void invoke('checks.stop', { group }).catch(() => undefined);
  }
}
