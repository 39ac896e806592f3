import { expect, test } from 'vitest';
import { contentSecurityPolicy } from '../../../src-main/hosts/renderer-files.ts';
import { DesktopStage } from './desktop-stage.ts';
import { isStopped } from './electron-double.ts';

test('the page is sandboxed, without Node, and served under its own scheme with a strict policy', async (context) => {
  const { electron } = await new DesktopStage(context).start();
  expect(electron.window.options.webPreferences).toMatchObject({
    contextIsolation: true,
    sandbox: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webviewTag: false,
    preload: '/preload.cjs',
  });
  expect(electron.protocol.schemes).toMatchObject([{ scheme: 'app', privileges: { standard: true, secure: true } }]);
  expect(electron.window.addresses).toEqual(['app://sitepair/']);

  const serve = async (url: string, method = 'GET'): Promise<Response | undefined> =>
    electron.protocol.handlers.get('app')?.(new Request(url, { method }));
  const page = await serve('app://sitepair/');
  expect(page?.status).toBe(200);
  expect(page?.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(page?.headers.get('content-security-policy')).toBe(contentSecurityPolicy);
  expect(contentSecurityPolicy).not.toContain('unsafe');
  expect(await page?.text()).toContain('<title>Sitepair</title>');
  for (const url of ['app://sitepair/missing.js', 'app://sitepair/..%2F..%2Fetc%2Fpasswd', 'app://other/']) {
    expect((await serve(url))?.status, url).toBe(404);
  }
  expect((await serve('app://sitepair/', 'POST'))?.status).toBe(404);
});

test('pages get no permission, go nowhere, open and embed nothing, and load nothing from outside', async (context) => {
  const { electron } = await new DesktopStage(context).start();
  const { defaultSession: session, window } = electron;
  const granted: boolean[] = [];
  session.permissionAsked?.(null, 'media', (answer) => granted.push(answer));
  session.permissionAsked?.(null, 'notifications', (answer) => granted.push(answer));
  expect([...granted, session.permissionChecked?.(), session.deviceAsked?.()]).toEqual([false, false, false, false]);
  for (const event of ['will-navigate', 'will-redirect', 'will-attach-webview']) {
    expect(
      isStopped((stoppable) => window.webContents.emit(event, stoppable)),
      event,
    ).toBe(true);
  }
  expect(window.webContents.windowOpenHandler?.()).toEqual({ action: 'deny' });
  expect(session.lets('app://sitepair/assets/page.js')).toBe(true);
  for (const url of ['https://example.org/', 'http://127.0.0.1/', 'file:///etc/passwd', 'app://other/', 'ws://x/']) {
    expect(session.lets(url), url).toBe(false);
  }
});

test('only the main frame of the window, showing our page, is answered', async (context) => {
  const stage = await new DesktopStage(context).start();
  stage.application.answer('settings.get', () => ({ theme: 'dark' }));
  expect(await stage.call('settings.get', {})).toEqual({ ok: true, output: { theme: 'dark' } });
  for (const frame of [{ url: 'https://example.org/' }, { url: 'app://other/' }, { parent: {} }]) {
    expect(await stage.call('settings.get', {}, frame)).toMatchObject({ ok: false, error: { code: 'internal' } });
  }
  const handle = [...stage.electron.ipc.handlers.values()][0];
  const stranger = { sender: {}, senderFrame: { url: 'app://sitepair/', parent: null } };
  expect(await handle?.(stranger, 'settings.get', {})).toMatchObject({ ok: false });
  expect(await handle?.({ ...stranger, senderFrame: null }, 'settings.get', {})).toMatchObject({ ok: false });
  expect(stage.application.received).toHaveLength(1);
});

test('a page that crashes is opened anew; where it does so again and again, the operator is asked', async (context) => {
  const { electron } = await new DesktopStage(context).start();
  const page = electron.window.webContents;
  page.emit('render-process-gone', {}, { reason: 'crashed' });
  expect(page.reloads).toBe(1);
  for (let n = 0; n < 2; n += 1) page.emit('render-process-gone', {}, { reason: 'oom' });
  expect(page.reloads).toBe(3);
  page.emit('render-process-gone', {}, { reason: 'oom' });
  expect(electron.dialog.questions.at(-1)?.message).toContain('ended by itself several times');
  expect(page.reloads).toBe(3);
  electron.dialog.press = 'Show it again';
  page.emit('render-process-gone', {}, { reason: 'oom' });
  await expect.poll(() => page.reloads).toBe(4);
});
