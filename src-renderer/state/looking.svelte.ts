/** Looks at readiness that somebody asked for in this window, one group after the other. */
import type { ErrorReport } from '../../src-main/contract/errors.ts';
import { invoke, reportOf } from './api.ts';
import { live } from './live.svelte.ts';

let busy = $state(false);
let failures = $state.raw<Readonly<Record<string, ErrorReport>>>({});

export const looking = {
  get busy(): boolean {
    return busy;
  },
  /** What went wrong with the last look at one of these groups; null where nothing did. */
  failureOf(names: readonly string[]): ErrorReport | null {
    return names.flatMap((name) => failures[name] ?? [])[0] ?? null;
  },
  /** Looks at these groups, and then shows what was found. */
  async at(names: readonly string[]): Promise<void> {
    if (busy) return;
    busy = true;
    failures = {};
    for (const name of names) {
      try {
        await invoke('readiness.prove', { name });
      } catch (error) {
        failures = { ...failures, [name]: reportOf(error) };
      }
    }
    await live.refresh();
    busy = false;
  },
};
