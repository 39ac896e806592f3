/**
 * What the steps of a drill stand on: the application, which is spoken to through its contract only, the volumes, the
 * audience and the operator's wish to stop. It carries a step out, has it proved, and tells how it ended.
 */
import type { Application } from '../contract/contract.ts';
import type { Directed, DrillMoment, DrillStep, Proof } from '../contract/drill.ts';
import { SitepairError, type ErrorReport } from '../contract/errors.ts';
import { formatBytes } from '../contract/figures.ts';
import type { GroupView } from '../contract/groups.ts';
import type { Operation, SiteLetter } from '../contract/phases.ts';
import type { OperationResult, Run } from '../contract/runs.ts';
import type { DrillAudience } from './audience.ts';
import { sha256Of, type Digests } from './digests.ts';
import type { DrillPlace } from './place.ts';
import { whatBroke } from './proof.ts';
import type { DrillRemedies } from './remedies.ts';
import type { SampleVolume } from './sample-volumes.ts';

/** The group that a drill makes, and the names of its sites. */
export const groupName = 'drill';
export const siteNames: Readonly<Record<SiteLetter, string>> = { A: 'Hall A', B: 'Hall B' };
/** Milliseconds between two tellings of how far the digests are. */
const tellEvery = 125;

/** What a step did. */
export interface Done {
  group: GroupView;
  facts: string[];
  /** The run, where the step made one. */
  run?: Run;
}

export interface StageParts {
  application: Application;
  place: DrillPlace;
  volumes: readonly SampleVolume[];
  audience: DrillAudience;
  remedies: DrillRemedies;
  /** Aborted when the operator wants to stop. */
  signal: AbortSignal;
  /** Called between what a step does and its proof. */
  beforeProof: (title: string) => void;
}

export class Stage {
  readonly place: DrillPlace;
  readonly volumes: readonly SampleVolume[];
  readonly application: Application;
  readonly #parts: StageParts;
  #steps = 0;
  /** Seconds that went into digests so far: they are no part of what a step takes. */
  #digesting = 0;
  #title = '';
  #group: Directed | null = null;

  constructor(parts: StageParts) {
    this.place = parts.place;
    this.volumes = parts.volumes;
    this.application = parts.application;
    this.#parts = parts;
  }

  /** Carries out one step and its proof. Rejects with a SitepairError that names the step. */
  async step(title: string, act: () => Promise<Done>, proofOf: (() => Promise<Proof>) | null): Promise<void> {
    this.#steps += 1;
    this.#title = title;
    const step: DrillStep = {
      number: this.#steps,
      title,
      outcome: 'done',
      group: null,
      figures: null,
      seconds: 0,
      facts: [],
      proof: null,
    };
    const started = performance.now();
    const digesting = this.#digesting;
    const seconds = (): number => secondsSince(started) - (this.#digesting - digesting);
    try {
      this.#parts.signal.throwIfAborted();
      this.#tell({});
      const { group, facts, run } = await act();
      this.#group = directionOf(group);
      Object.assign(step, { group: this.#group, ...figuresOf(run), facts, seconds: seconds() });
      this.#parts.beforeProof(title);
      step.proof = proofOf === null ? null : await proofOf();
      if (step.proof?.holds === false) throw this.#broken(step.proof);
    } catch (error) {
      const cancelled = this.#parts.signal.aborted;
      step.outcome = cancelled ? 'cancelled' : 'failed';
      if (step.seconds === 0) step.seconds = seconds();
      throw this.#inStep(step, cancelled ? stopped() : error);
    } finally {
      this.#parts.audience.ended(step);
    }
  }

  /** Runs an operation to its end, which must be a success. */
  async operate(operation: Operation): Promise<{ group: GroupView; run: Run }> {
    const { run, group } = await this.#run(operation);
    if (run.outcome === 'succeeded' && group !== null) return { run, group };
    throw new SitepairError(run.error ?? this.#unexpected(`${operation} ended as ${run.outcome ?? 'running'}`));
  }

  /** Asks for an operation that must be refused by its checks, and says why the group does not allow it. */
  async refused(operation: Operation): Promise<{ group: GroupView; run: Run; why: string }> {
    const { run, group, checks } = await this.#run(operation);
    const blocking = checks.find((check) => check.blocks && check.status !== 'pass');
    if (run.outcome !== 'blocked' || blocking === undefined || group === null) {
      throw new SitepairError(
        this.#unexpected(`${operation} was not refused, but ended as ${run.outcome ?? 'running'}`),
      );
    }
    return { group, run, why: group.actions.find((one) => one.operation === operation)?.reason ?? blocking.found };
  }

  /** Writes to every volume of a site, as production there would. Resolves to the bytes written. */
  async writeAsProduction(site: SiteLetter): Promise<number> {
    this.doing('production writes');
    let bytes = 0;
    for (const volume of this.volumes) bytes += await volume.write(this.place.volume(site, volume.name));
    return bytes;
  }

  /** Tells what the step at hand is doing. */
  doing(what: string): void {
    this.#tell({ doing: what });
  }

  async group(): Promise<GroupView> {
    return (await this.application.invoke('groups.show', { name: groupName })).group;
  }

  /** The digests of all volumes at a site, independently of the engine. */
  async digests(site: SiteLetter): Promise<Digests> {
    const started = performance.now();
    const digests = new Map<string, string>();
    const bytes = { done: 0, toldAt: 0 };
    for (const { name } of this.volumes) {
      const file = this.place.volume(site, name);
      const read = (count: number): void => {
        bytes.done += count;
        if (performance.now() - bytes.toldAt < tellEvery) return;
        bytes.toldAt = performance.now();
        this.doing(`digesting ${file}, ${formatBytes(bytes.done)} read`);
      };
      digests.set(name, await sha256Of(file, read, this.#parts.signal));
    }
    this.#digesting += secondsSince(started);
    return digests;
  }

  async #run(operation: Operation): Promise<OperationResult> {
    const { application, signal } = this.#parts;
    const unsubscribe = application.subscribe('run.progress', (progress) => this.#tell({ progress }));
    let id: string | null = null;
    const cancel = (): void => {
      // A run that has ended meanwhile has nothing to cancel.
      if (id !== null) application.invoke('runs.cancel', { id }).catch(() => undefined);
    };
    signal.addEventListener('abort', cancel);
    try {
      const { runId } = await application.invoke('operations.start', {
        operation,
        group: groupName,
        confirm: groupName,
        // The drill is its own production, and knows that it writes nothing meanwhile.
        accept: ['production-stopped'],
      });
      id = runId;
      if (signal.aborted) cancel();
      return await application.invoke('operations.result', { runId });
    } finally {
      signal.removeEventListener('abort', cancel);
      unsubscribe();
    }
  }

  #tell(moment: Partial<Pick<DrillMoment, 'doing' | 'progress'>>): void {
    const { outOfReach } = this.place;
    this.#parts.audience.doing({
      number: this.#steps,
      title: this.#title,
      doing: null,
      progress: null,
      group: this.#group,
      outOfReach,
      ...moment,
    });
  }

  #broken(proof: Proof): SitepairError {
    return new SitepairError({
      code: 'verify-mismatch',
      message: `The proof failed: "${proof.claim}" is not so.`,
      where: whatBroke(proof).join('; '),
      remedy: this.#parts.remedies.brokenProof,
    });
  }

  #unexpected(what: string): ErrorReport {
    return { code: 'internal', message: `${what}.`, remedy: this.#parts.remedies.unexpected };
  }

  #inStep(step: DrillStep, error: unknown): SitepairError {
    const said = error instanceof Error ? error.message : String(error);
    const report = error instanceof SitepairError ? error.report : this.#unexpected(said);
    const message = `Step ${step.number}, ${step.title}: ${report.message}`;
    return new SitepairError({ ...report, message }, { cause: error });
  }
}

function directionOf({ phase, activeSite, replicaSite, primarySite, recoverySite }: GroupView): Directed {
  return { phase, activeSite, replicaSite, primarySite, recoverySite };
}

function figuresOf(run: Run | undefined): Partial<DrillStep> {
  if (run === undefined) return {};
  const { bytesCompared, bytesDiffering, bytesWritten, bytesSkipped, pointId } = run;
  const figures = { bytesCompared, bytesDiffering, bytesWritten, bytesSkipped };
  return { figures, ...(pointId !== undefined && { pointId }) };
}

function secondsSince(started: number): number {
  return (performance.now() - started) / 1000;
}

function stopped(): SitepairError {
  return new SitepairError({ code: 'cancelled', message: 'The drill was stopped.', remedy: 'Start it again.' });
}
