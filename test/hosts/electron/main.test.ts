/** Electron's entry itself, run by Node: the module `electron` is a double, the application behind it the real one. */
import { existsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type * as Electron from 'electron';
import { expect, expectTypeOf, test, vi, type TestContext } from 'vitest';
import { channels } from '../../../src-main/hosts/electron/channels.ts';
import { TwoSites } from '../../support/two-sites.ts';
import { Scratch } from '../../volumes/scratch.ts';
import { ElectronDouble } from './electron-double.ts';
import { electronModules, type ElectronModules, type UsedModules } from './electron-modules.ts';

const root = join(import.meta.dirname, '../../..');

interface Started extends ElectronModules {
  electron: ElectronDouble;
  /** What the process that started this one was told. */
  told: unknown[];
  /** What the process would call at such an event, in the order in which it was asked to. */
  listeners: (event: string) => ((...told: unknown[]) => void)[];
}

/** Runs the entry as this user on a catalog in `home`. */
async function runMain(context: TestContext, home: string, userId: number): Promise<Started> {
  const electron = new ElectronDouble();
  const made = electronModules(electron, root);
  const told: unknown[] = [];
  vi.stubEnv('SITEPAIR_HOME', home);
  vi.spyOn(process, 'getuid').mockReturnValue(userId);
  vi.resetModules();
  vi.doMock('electron', () => made.modules);
  vi.doMock('../../../src-main/hosts/hard-exit.ts', () => ({ hardExit: electron.endProcess }));
  // A signal or a defect of this process is no business of what is under test.
  const on = vi.spyOn(process, 'on').mockReturnValue(process);
  vi.spyOn(process, 'send').mockImplementation((word) => told.push(word) > 0);
  context.onTestFinished(() => {
    vi.doUnmock('electron');
    vi.doUnmock('../../../src-main/hosts/hard-exit.ts');
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
  });
  await import('../../../src-main/hosts/electron/main.ts');
  return {
    ...made,
    electron,
    told,
    listeners: (event) => on.mock.calls.filter(([name]) => name === event).map(([, listener]) => listener),
  };
}

/** Calls the application, as the window's page does. */
async function call({ electron }: Started, name: string, input: unknown): Promise<unknown> {
  const caller = { sender: electron.window.webContents, senderFrame: { url: 'app://sitepair/', parent: null } };
  return electron.ipc.handlers.get(channels.call)?.(caller, name, input);
}

test("Electron's own modules are what their doubles are held against", () => {
  expectTypeOf<typeof Electron>().toExtend<UsedModules>();
  expect(Object.keys(electronModules(new ElectronDouble(), root).modules)).toContain('Tray');
});

test('it opens the window on the real application, and closes both', async (context) => {
  const scratch = new Scratch(context);
  const home = scratch.path('home');
  const started = await runMain(context, home, 1000);
  const { electron, told } = started;
  await expect.poll(() => electron.windows[0]?.addresses).toEqual(['app://sitepair/']);
  await expect.poll(() => told).toEqual(['started']);
  const { options } = electron.window;
  expect(options.webPreferences?.preload).toBe(join(root, 'dist/preload/preload.cjs'));
  expect(options.icon).toBe(join(root, 'assets/icon.png'));
  expect(electron.menu.length).toBeGreaterThan(3);

  expect(await call(started, 'machine.about', {})).toMatchObject({ ok: true, output: { home, client: 'electron' } });

  electron.window.emit('close', { preventDefault: () => undefined });
  await expect.poll(() => electron.app.exitCodes).toEqual([0]);
  expect(statSync(join(home, 'window.json')).isFile()).toBe(true);
});

test('a signal ends it, and a defect is told without its stack', async (context) => {
  const { electron, listeners } = await runMain(context, new Scratch(context).path('home'), 1000);
  await expect.poll(() => electron.windows[0]?.addresses).toEqual(['app://sitepair/']);
  for (const tell of listeners('uncaughtException')) tell(new Error('broken\n    at somewhere (file.js:1:1)'));
  expect(electron.dialog.errors.map(({ title }) => title)).toEqual(['Something went wrong inside Sitepair: broken.']);
  expect([listeners('SIGINT').length, electron.app.exitCodes]).toEqual([1, []]);
  for (const end of listeners('SIGTERM')) end();
  await expect.poll(() => electron.app.exitCodes).toEqual([0]);
});

test('as root it refuses, and opens no catalog', async (context) => {
  const home = new Scratch(context).path('home');
  const { electron } = await runMain(context, home, 0);
  await expect.poll(() => electron.app.exitCodes).toEqual([1]);
  expect(electron.dialog.errors[0]?.content).toContain('usermod -aG disk');
  expect([electron.windows, existsSync(home)]).toEqual([[], false]);
});

test('a run goes on in the background: awake, in the tray, and its end is notified', async (context) => {
  const sites = new TwoSites(context);
  // The run waits for a word, as long as there is anybody to give it.
  const word = sites.path('word');
  const waits = `while [ -d '${sites.scratch.dir}' ] && [ ! -e '${word}' ]; do sleep 0.1; done`;
  await sites.sitepair.must(...sites.creation('--before-cycle', waits));
  const started = await runMain(context, sites.sitepair.home, 1000);
  const { electron, blocked, icons, askedOver } = started;
  await expect.poll(() => electron.windows[0]?.addresses).toEqual(['app://sitepair/']);
  expect(await call(started, 'operations.start', { operation: 'protect', group: 'erp' })).toMatchObject({ ok: true });
  expect([...blocked.values()]).toEqual(['prevent-app-suspension']);

  electron.dialog.press = 'Go on in the background';
  electron.window.emit('close', { preventDefault: () => undefined });
  await expect.poll(() => electron.trays.length).toBe(1);
  expect(askedOver).toEqual([electron.window]);
  expect(electron.window.state).toMatchObject({ visible: false, destroyed: false });
  const [tray] = electron.trays;
  expect(icons.map((icon) => statSync(icon).isFile())).toEqual([true]);
  expect(tray?.menu.flatMap(({ label }) => label ?? [])).toEqual(['Open Sitepair', 'Quit Sitepair']);
  expect(tray?.toolTip).toBe('Sitepair: Protect of erp');

  writeFileSync(word, '');
  await expect
    .poll(() => electron.notifications.map(({ options }) => options.title))
    .toEqual([expect.stringMatching(/^Protect of erp/)]);
  sites.expectMirrored();
  const [notification] = electron.notifications;
  expect([notification?.isShown, blocked.size, tray?.toolTip]).toEqual([true, 0, 'Sitepair: nothing runs']);
  notification?.emit('click');
  expect([tray?.isDestroyed, electron.window.state.visible]).toEqual([true, true]);
  expect(electron.window.addresses.at(-1)).toMatch(/#\/runs\//);
  electron.window.emit('close', { preventDefault: () => undefined });
  await expect.poll(() => electron.app.exitCodes).toEqual([0]);
});
