import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { SitepairError } from '../../../src-main/contract/errors.ts';
import { DesktopStage } from './desktop-stage.ts';

test('root gets no window, but is told what to do', async (context) => {
  const { electron, application } = await new DesktopStage(context, { isRoot: true }).start();
  expect(electron.dialog.errors[0]?.content).toContain('usermod -aG disk');
  expect(electron.app.exitCodes).toEqual([1]);
  expect([electron.windows, application.closed]).toEqual([[], 0]);
});

test('what keeps the application from opening is told in its own words', async (context) => {
  const report = { code: 'format-too-new', message: 'The catalog is newer.', remedy: 'Update Sitepair.' } as const;
  const open = (): Promise<never> => Promise.reject(new SitepairError(report));
  const { electron } = await new DesktopStage(context, { open }).start();
  expect(electron.dialog.errors).toEqual([{ title: report.message, content: report.remedy }]);
  expect(electron.app.exitCodes).toEqual([1]);
});

test('a place that cannot be written is told, with what to do', async (context) => {
  const stage = new DesktopStage(context);
  writeFileSync(join(stage.home, 'window'), 'a file in the way');
  const { electron } = await stage.start();
  expect(electron.dialog.errors[0]?.title).toContain(join(stage.home, 'window'));
  expect(electron.dialog.errors[0]?.content).toContain('SITEPAIR_HOME');
  expect([electron.app.exitCodes, electron.windows]).toEqual([[1], []]);
});

test('a defect at the start is told without its stack', async (context) => {
  const open = (): Promise<never> => Promise.reject(new Error('no such module\n    at Module._load'));
  const { electron } = await new DesktopStage(context, { open }).start();
  expect(electron.dialog.errors[0]?.title).toContain('(no such module)');
});

test('the second one leaves, and the first one presents itself', async (context) => {
  const second = new DesktopStage(context);
  second.electron.app.isFirst = false;
  await second.start();
  expect([second.electron.app.exitCodes, second.electron.windows]).toEqual([[0], []]);

  const first = await new DesktopStage(context).start();
  expect(first.electron.app.paths['userData']).toBe(join(first.home, 'window'));
  const { window } = first.electron;
  Object.assign(window.state, { minimized: true, visible: false, focused: false });
  first.electron.app.emit('second-instance');
  expect(window.state).toMatchObject({ minimized: false, visible: true, focused: true });
});

test('the window opens where it was closed', async (context) => {
  const stage = await new DesktopStage(context).start();
  expect(stage.electron.window.options).toMatchObject({ width: 1280, height: 800, show: false });
  expect(stage.electron.window.state).toMatchObject({ visible: true, maximized: false });
  stage.electron.window.bounds = { x: 100, y: 50, width: 1000, height: 700 };
  stage.electron.window.state.maximized = true;
  await stage.close();
  const file = join(stage.home, 'window.json');
  expect(statSync(file).mode & 0o777).toBe(0o600);

  const again = new DesktopStage(context);
  writeFileSync(join(again.home, 'window.json'), readFileSync(file));
  const { window } = (await again.start()).electron;
  expect(window.options).toMatchObject({ x: 100, y: 50, width: 1000, height: 700 });
  expect(window.state.maximized).toBe(true);
});

test.for<[string, string]>([
  ['on a screen that is gone', '{"bounds":{"x":3000,"y":50,"width":1000,"height":700},"maximized":false}'],
  ['cut off', '{"bounds":{"x":30'],
  ['of another shape', '{"x":1}'],
])('a place %s is not taken', async ([, content], context) => {
  const stage = new DesktopStage(context);
  writeFileSync(join(stage.home, 'window.json'), content);
  const { window } = (await stage.start()).electron;
  expect(window.options).toMatchObject({ width: 1280, height: 800 });
  expect(window.options).not.toHaveProperty('x');
});

test('the menu has the usual roles and shortcuts', async (context) => {
  const { electron } = await new DesktopStage(context).start();
  const items = electron.menu.flatMap(({ submenu }) => (Array.isArray(submenu) ? submenu : []));
  const roles = [...electron.menu, ...items].flatMap(({ role }) => role ?? []);
  expect(roles).toEqual(
    expect.arrayContaining([
      'editMenu',
      'windowMenu',
      'close',
      'reload',
      'resetZoom',
      'zoomIn',
      'togglefullscreen',
      'about',
    ]),
  );
  expect(items.flatMap(({ accelerator }) => accelerator ?? [])).toEqual(['CmdOrCtrl+P', 'CmdOrCtrl+Q']);
  const mac = (await new DesktopStage(context, { isMac: true }).start()).electron;
  expect(mac.menu[0]?.label).toBe('Sitepair');
});

test('the page is saved as PDF where the operator says, and failing to is told', async (context) => {
  const stage = await new DesktopStage(context).start();
  const { electron } = stage;
  electron.window.webContents.pdf = Buffer.from('%PDF-1.7');
  const file = electron.menu[0]?.submenu;
  const save = async (to: string | null): Promise<void> => {
    electron.dialog.saveAs = to;
    const [item] = Array.isArray(file) ? file : [];
    Reflect.apply(item?.click ?? expect.unreachable, item, []);
    await expect.poll(() => electron.dialog.errors.length + Number(existsSync(to ?? stage.home))).toBeGreaterThan(0);
  };
  await save(null);
  await save(join(stage.home, 'page.pdf'));
  await expect.poll(() => readFileSync(join(stage.home, 'page.pdf'), 'utf8')).toBe('%PDF-1.7');
  expect(electron.dialog.errors).toEqual([]);
  await save(join(stage.home, 'none', 'page.pdf'));
  expect(electron.dialog.errors[0]?.content).toMatch(/none.page\.pdf could not be written \(ENOENT/);
});
