/** Light or dark, as the operator chose, or as the system is. */
import type { Settings } from '../../src-main/contract/machine.ts';
import { invoke } from './api.ts';

const system = matchMedia('(prefers-color-scheme: light)');
let chosen = $state<Settings['theme']>('system');

function apply(): void {
  const light = chosen === 'light' || (chosen === 'system' && system.matches);
  document.documentElement.dataset['theme'] = light ? 'light' : 'dark';
}

apply();
system.addEventListener('change', apply);

export const theme = {
  get chosen(): Settings['theme'] {
    return chosen;
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
