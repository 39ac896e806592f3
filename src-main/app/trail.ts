/** What is taken down of everything that is done: in the catalog's audit log, and in the stores of the group. */
import type { Audit } from '../catalog/audit.ts';
import type { Run } from '../contract/runs.ts';
import type { Registration } from '../protection/registration.ts';
import type { AnchoredEntry } from '../protection/run-log.ts';
import type { SiteThread } from './site-thread.ts';

interface TrailPlaces {
  audit: Audit;
  thread: SiteThread;
  operator: string;
  /** Which host asks. */
  clientName: string;
}

export class Trail {
  readonly #places: TrailPlaces;

  constructor(places: TrailPlaces) {
    this.#places = places;
  }

  /**
   * Takes down an entry in the catalog and gives it as the stores keep it. `operator`: who did it, where that is not
   * who sits here. Throws what the catalog throws.
   */
  append(
    action: string,
    groupName: string | null,
    runId: string | null,
    detail: Record<string, unknown>,
    operator = this.#places.operator,
  ): AnchoredEntry {
    const { audit, clientName } = this.#places;
    const at = new Date().toISOString();
    const entry = audit.append({ at, operator, action, groupName, runId, detail: { ...detail, client: clientName } });
    return { ...entry, chain: audit.chain() };
  }

  /** What was taken down of a run from the entry `since` on, whichever process wrote it, as the stores keep it. */
  ofRun(runId: string, since: number): AnchoredEntry[] {
    const { audit } = this.#places;
    const chain = audit.chain();
    return audit.ofRun(runId, since).map((entry) => ({ ...entry, chain }));
  }

  /**
   * Takes down what was done to a group, here and in its stores. `run`: the run that it was done to, which the stores
   * get as it is now.
   */
  async log(action: string, registration: Registration, detail: Record<string, unknown>, run?: Run): Promise<void> {
    const entry = this.append(action, registration.definition.name, run?.id ?? null, detail);
    await this.#places.thread.ask('log', { registration, runs: run === undefined ? [] : [run], audit: [entry] });
  }
}
