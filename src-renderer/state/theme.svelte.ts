/** Light or dark, as the operator chose, or as the system is. */
import type { Settings } from '../../src-main/contract/machine.ts';
import { invoke } from './api.ts';

const system = matchMedia('(prefers-color-scheme: light)');
let systemIsLight = $state(system.matches);
let chosen = $state<Settings['theme']>('system');
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
  async load(): Promise<void> {
    chosen = (await invoke('settings.get', {})).theme;
    apply();
  },
  async choose(next: Settings['theme']): Promise<void> {
    chosen = next;
    apply();
    await invoke('settings.set', { theme: next });
  },
};
