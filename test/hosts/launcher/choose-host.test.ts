import { expect, test } from 'vitest';
import { chooseHost, type Choice, type Surroundings } from '../../../src-main/hosts/launcher/choose-host.ts';

/** A desktop with everything, but for what is changed. */
function desktop(changes: Partial<Surroundings> = {}): Surroundings {
  return {
    isRoot: false,
    hasScreen: true,
    chromium: '/usr/bin/chromium',
    electron: () => Promise.resolve({ program: '/opt/electron' }),
    ...changes,
  };
}
const missing = (): Promise<{ missing: string }> => Promise.resolve({ missing: 'it could not be fetched' });
/** The host that was chosen, and what the operator reads of it. */
function told(choice: Choice): string {
  if (choice.host === 'electron') return `electron: ${choice.program}`;
  return choice.host === 'chromium' ? `chromium: ${choice.notice}` : `none: ${choice.remedy}`;
}
const asked = (): never => expect.unreachable('Electron is not wanted here');

test('Electron, where it can be had', async () => {
  expect(await chooseHost(desktop())).toEqual({ host: 'electron', program: '/opt/electron' });
  expect(await chooseHost(desktop({ chromium: null }))).toEqual({ host: 'electron', program: '/opt/electron' });
});

test('else the Chromium of the machine, and why in one line', async () => {
  const choice = await chooseHost(desktop({ electron: missing }));
  expect(told(choice)).toMatch(/^chromium: [^\n]*it could not be fetched\.$/);
});

test('else what to install, and how to go on meanwhile', async () => {
  const choice = await chooseHost(desktop({ electron: missing, chromium: null }));
  expect(told(choice)).toMatch(/^none: .*apt install chromium.*npm run -s sitepair/);
});

test('as root Electron is not even fetched: its sandbox would have to go', async () => {
  const choice = await chooseHost(desktop({ isRoot: true, electron: asked }));
  expect(told(choice)).toMatch(/^chromium: .*without its sandbox.*usermod -aG disk/);
  const alone = await chooseHost(desktop({ isRoot: true, chromium: null, electron: asked }));
  expect(told(alone)).toMatch(/^none: .*apt install chromium.*usermod -aG disk.*npm run -s sitepair/);
});

test('without a screen nothing is fetched or opened', async () => {
  const choice = await chooseHost(desktop({ hasScreen: false, electron: asked }));
  expect(told(choice)).toMatch(/^none: .*npm run -s sitepair/);
});
