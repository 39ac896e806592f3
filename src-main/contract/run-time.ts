/**
 * How much of its time a run worked. Forecasts and the schedule go by that: how long somebody let a run wait says
 * nothing of the next one.
 */
interface TimedStep {
  seconds: number | null;
  /** Of these, in which the run waited for a person, was paused, or its machine slept. */
  idleSeconds?: number | undefined;
  /** Only of a step of the recovery plan. */
  plan?: unknown;
}

/** A run as far as its time goes. */
export interface Timed {
  seconds: number;
  steps: readonly TimedStep[];
}

/** Seconds of a run in which it waited for a person, was paused, or its machine slept. */
export function idleSeconds({ steps }: Timed): number {
  return steps.reduce((sum, step) => sum + (step.idleSeconds ?? 0), 0);
}

/** Seconds of a run without those. */
export function workedSeconds(run: Timed): number {
  return Math.max(0, run.seconds - idleSeconds(run));
}

/** Seconds of a step without those. */
export function workedInStep({ seconds, idleSeconds: idle = 0 }: TimedStep): number {
  return Math.max(0, (seconds ?? 0) - idle);
}

/**
 * Seconds that the cycle of a run took: without what was done beside the volumes for a change of sides. The steps that
 * a plan has around each cycle belong to it.
 */
export function cycleSeconds(run: Timed & { operation: string }): number {
  const beside = run.operation === 'sync' ? [] : run.steps.filter(({ plan }) => plan !== undefined);
  return Math.max(0, workedSeconds(run) - beside.reduce((sum, step) => sum + workedInStep(step), 0));
}
