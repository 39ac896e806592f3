/** Light or dark, as the operator chose, or as the system is. */
import type { ErrorReport } from '../../src-main/contract/errors.ts';
import type { Settings } from '../../src-main/contract/machine.ts';
import { invoke, reportOf } from './api.ts';

const system = matchMedia('(prefers-color-scheme: light)');
let systemIsLight = $state(system.matches);
let chosen = $state<Settings['theme']>('system');
let failure = $state.raw<ErrorReport | null>(null);
const shown = $derived(chosen === 'system' ? (systemIsLight ? 'light' : 'dark') : chosen);

function apply(): void {
  document.documentElement.dataset['theme'] = shown;
}

apply();
system.addEventListener('change', () => {
  systemIsLight = system.matches;
  apply();
});

export const theme = {
  get chosen(): Settings['theme'] {
    return chosen;
  },
  /** What is drawn on a canvas reads this, so that it is drawn again when the colours change. */
  get shown(): 'light' | 'dark' {
    return shown;
  },
  /** Why the choice could not be read or kept; null where it could. */
  get failure(): ErrorReport | null {
    return failure;
  },
  /** Never rejects. */
  async load(): Promise<void> {
    try {
      chosen = (await invoke('settings.get', {})).theme;
      failure = null;
    } catch (error) {
      failure = reportOf(error);
    }
    apply();
  },
  /** Never rejects: what cannot be kept is shown until the window closes. */
  async choose(next: Settings['theme']): Promise<void> {
    chosen = next;
    apply();
    try {
      await invoke('settings.set', { theme: next });
      failure = null;
    } catch (error) {
      failure = reportOf(error);
    }
  },
};
