/** The forecast of a wizard's run: looked for when the operator comes to it, longer where that is wanted. */
import type { ErrorReport } from '../../src-main/contract/errors.ts';
import {
  forecastOperationSchema,
  type Forecast,
  type ForecastReading,
  type TrackRecord,
} from '../../src-main/contract/forecast.ts';
import type { OperationRequest } from '../../src-main/contract/runs.ts';
import { invoke, reportOf, subscribe } from '../state/api.ts';

/** How long is looked first, and how much longer each time that somebody asks, seconds. */
const firstSeconds = 10;
const longer = 3;

export class ForecastLook {
  forecast = $state.raw<Forecast | null>(null);
  record = $state.raw<TrackRecord | null>(null);
  /** How far the look under way is; null while none is. */
  reading = $state.raw<ForecastReading | null>(null);
  looking = $state(false);
  failure = $state.raw<ErrorReport | null>(null);
  #last = 0;
  #group: string | null = null;
  #seconds = firstSeconds;

  /** What is shown, as a start names it. */
  get shown(): { forecast?: string } {
    return this.forecast === null ? {} : { forecast: this.forecast.id };
  }

  /** Whether there are forecasts of what was asked for. */
  get there(): boolean {
    return this.looking || this.forecast !== null || this.failure !== null;
  }

  /** Looks for a request of which there are forecasts; drops what was found before. Never rejects. */
  async look(request: OperationRequest): Promise<void> {
    this.stop();
    this.forecast = null;
    this.record = null;
    this.failure = null;
    this.#seconds = firstSeconds;
    await this.#look(request);
  }

  /** Looks anew, and longer; what is known stays until then. */
  async lookLonger(request: OperationRequest): Promise<void> {
    this.#seconds *= longer;
    await this.#look(request);
  }

  /** Ends the look under way; it then tells what it knows. */
  stop(): void {
    const group = this.#group;
    if (group !== null) void invoke('forecasts.stop', { group }).catch(() => undefined);
  }

  /** Nobody wants what the look under way finds. */
  leave(): void {
    this.stop();
    this.#last += 1;
    this.looking = false;
    this.#group = null;
  }

  async #look({ operation, group, replace, discard, skipUnreadable }: OperationRequest): Promise<void> {
    const asked = forecastOperationSchema.safeParse(operation);
    if (!asked.success) return;
    this.#last += 1;
    const mine = this.#last;
    this.failure = null;
    this.reading = null;
    this.looking = true;
    this.#group = group;
    const deaf = subscribe('forecast.reading', (reading) => {
      if (mine === this.#last && reading.group === group) this.reading = reading;
    });
    try {
      const found = await invoke('forecasts.make', {
        group,
        operation: asked.data,
        seconds: this.#seconds,
        ...(replace === undefined ? {} : { replace }),
        ...(discard === undefined ? {} : { discard }),
        ...(skipUnreadable === undefined ? {} : { skipUnreadable }),
      });
      if (mine !== this.#last) return;
      this.forecast = found.forecast;
      this.record = found.record;
    } catch (error) {
      if (mine === this.#last) this.failure = reportOf(error);
    } finally {
      deaf();
      if (mine === this.#last) {
        this.looking = false;
        this.reading = null;
        this.#group = null;
      }
    }
  }
}
