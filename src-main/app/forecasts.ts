/**
 * Looks for forecasts, on a thread of their own; what was found is kept until it is of no use, and held against what
 * runs came to. A run that starts ends them.
 */
import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { Forecasts } from '../catalog/forecasts.ts';
import type { Runs } from '../catalog/runs.ts';
import { SitepairError } from '../contract/errors.ts';
import {
  forecastOperationSchema,
  heldAgainst,
  type Forecast,
  type ForecastReading,
  type ForecastRequest,
  type TrackRecord,
} from '../contract/forecast.ts';
import { workedInStep, workedSeconds } from '../contract/run-time.ts';
import type { OperationRequest, Run } from '../contract/runs.ts';
import { createControl, Steering } from '../engine/control.ts';
import { copyingStep, type PastRun } from '../protection/forecast/time.ts';
import type { Registration } from '../protection/registration.ts';
import { laneCount } from './lane-count.ts';
import { SiteThread } from './site-thread.ts';

const usualSeconds = 10;
/** A look that is stopped tells what it knows; where a device holds it, it is not waited for, milliseconds. */
const stopGrace = 3000;
/** How long a forecast is of use for the run that it is of, milliseconds: volumes are written meanwhile. */
const freshFor = 15 * 60_000;
/** Runs of the past that a forecast is held against. */
const pastLooked = 50;
/** Of how many of the last forecasts it is told how they held. */
const recordOf = 20;

interface Look {
  group: string;
  stop: () => void;
}

export interface MadeForecast {
  forecast: Forecast;
  record: TrackRecord;
}

export class ForecastLooks {
  readonly #thread = new SiteThread();
  readonly #kept: Forecasts;
  readonly #runs: Runs;
  readonly #push: (reading: ForecastReading) => void;
  readonly #open = new Set<Look>();

  constructor(kept: Forecasts, runs: Runs, push: (reading: ForecastReading) => void) {
    this.#kept = kept;
    this.#runs = runs;
    this.#push = push;
  }

  /** Rejects as a forecast does, and with `cancelled` where it is stopped before anything is known. */
  async make(registration: Registration, request: ForecastRequest): Promise<MadeForecast> {
    const { group, operation, replace, discard = false, skipUnreadable = false, seconds = usualSeconds } = request;
    const { pairs, policy } = registration.definition;
    const bytes = pairs.reduce((sum, pair) => sum + pair.sizeBytes, 0);
    const steering = new Steering(createControl(laneCount(bytes), 1));
    steering.limit(policy.limitBytesPerSecond);
    let stop = (): void => undefined;
    let grace: NodeJS.Timeout | undefined;
    const stopped = new Promise<never>((_, reject) => {
      stop = () => {
        steering.cancel();
        grace ??= setTimeout(() => {
          reject(stoppedError(group));
        }, stopGrace);
      };
    });
    const look = { group, stop };
    this.#open.add(look);
    const order = { operation, replace, discard, skipUnreadable, seconds, past: this.#past(group) };
    const found = this.#thread.ask('forecast', { registration, order, control: steering.shared }, (news) => {
      if (news.kind === 'forecast' && this.#open.has(look)) this.#push({ group, ...news.reading });
    });
    try {
      const told = await Promise.race([found, stopped]);
      const asked = { ...(replace === undefined ? {} : { replace }), ...(discard ? { discard } : {}) };
      const forecast = { id: randomUUID(), ...told, ...asked };
      this.#kept.keep(forecast);
      return { forecast, record: this.record(group) };
    } finally {
      clearTimeout(grace);
      this.#open.delete(look);
      // A thread that was left behind must not read on, once it can.
      steering.cancel();
    }
  }

  /** Ends all looks at a group, or all. */
  stop(group?: string): void {
    for (const look of this.#open) if (group === undefined || look.group === group) look.stop();
  }

  dispose(): void {
    this.stop();
    this.#thread.dispose();
  }

  /** The newest forecast of such a run, where no run of the group has begun since, and it is not old. */
  latest({
    group,
    operation,
    replace,
    discard = false,
  }: Omit<ForecastRequest, 'seconds' | 'skipUnreadable'>): Forecast | null {
    const forecast = this.#kept
      .ofGroup(group)
      .find(
        (one) =>
          one.operation === operation && isDeepStrictEqual(one.replace, replace) && (one.discard ?? false) === discard,
      );
    if (forecast === undefined || Date.now() - Date.parse(forecast.at) > freshFor) return null;
    const [run] = this.#runs.list({ group, limit: 1 });
    return run !== undefined && Date.parse(run.startedAt) > Date.parse(forecast.at) ? null : forecast;
  }

  /** The forecast that a request names, as far as it is of such a run; the newest fresh one where it names none. */
  of({ group, operation, replace, discard, forecast: id }: OperationRequest): { forecast?: Forecast } {
    const asked = forecastOperationSchema.safeParse(operation);
    if (!asked.success) return {};
    const named = id === undefined ? null : this.#kept.get(id);
    const forecast = id === undefined ? this.latest({ group, operation: asked.data, replace, discard }) : named;
    return forecast?.group === group && forecast.operation === operation ? { forecast } : {};
  }

  /** How the last forecasts of a group held. */
  record(group: string): TrackRecord {
    const figures = this.#runs.withForecast(group, recordOf).map(heldAgainst);
    const held = (name: 'copy' | 'undo' | 'seconds'): number =>
      figures.filter((some) => some.some((one) => one.name === name && one.held)).length;
    return { runs: figures.length, copy: held('copy'), undo: held('undo'), seconds: held('seconds') };
  }

  /** Of this group; of all where it has none yet. */
  #past(group: string): PastRun[] {
    const own = this.#runs.list({ group, limit: pastLooked }).flatMap(pastRun);
    return own.length > 0 ? own : this.#runs.list({ limit: pastLooked }).flatMap(pastRun);
  }
}

function pastRun(run: Run): PastRun[] {
  const { operation, outcome, steps, forecast } = run;
  const copying = steps.find(({ title }) => title === copyingStep);
  if (outcome !== 'succeeded' || copying === undefined || copying.seconds === null) return [];
  const seconds = workedSeconds(run);
  const ratio = forecast === undefined ? null : seconds / forecast.modelSeconds;
  return [{ operation, seconds, copySeconds: workedInStep(copying), ratio }];
}

function stoppedError(group: string): SitepairError {
  return new SitepairError({
    code: 'cancelled',
    message: `The look for a forecast of ${group} was stopped before anything was known.`,
    remedy: 'Nothing was changed. A volume may not answer: see the checks.',
  });
}
