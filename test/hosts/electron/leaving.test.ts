import { expect, test } from 'vitest';
import { DesktopStage, settled } from './desktop-stage.ts';
import { isStopped } from './electron-double.ts';

test('closing the window ends the program, where nothing runs', async (context) => {
  const stage = await new DesktopStage(context).start();
  await stage.close();
  expect(stage.electron.dialog.questions).toEqual([]);
  expect([stage.application.closed, stage.electron.app.exitCodes]).toEqual([1, [0]]);
});

test('quitting does the same, and a run that has ended is asked about no more', async (context) => {
  const stage = await new DesktopStage(context).start();
  await stage.startRun();
  await stage.endRun();
  expect(isStopped((event) => stage.electron.app.emit('before-quit', event))).toBe(true);
  await settled();
  expect(stage.electron.dialog.questions).toEqual([]);
  expect([stage.application.closed, stage.electron.app.exitCodes]).toEqual([1, [0]]);
});

test('while a run goes on it is asked what becomes of it; closing the question means to stay', async (context) => {
  const stage = await new DesktopStage(context).start();
  await stage.startRun();
  for (const button of ['Stay', 'the corner of the question']) await stage.close(button);
  const [question] = stage.electron.dialog.questions;
  expect(question?.message).toBe('Planned failover of erp goes on');
  expect(question?.buttons).toEqual(['Go on in the background', 'Stop it and close', 'Stay']);
  expect(question?.buttons?.[question.cancelId ?? 0]).toBe('Stay');
  expect([stage.application.closed, stage.electron.app.exitCodes]).toEqual([0, []]);
  expect(stage.electron.window.state).toMatchObject({ visible: true, destroyed: false });
});

test('it is asked once, however often the window is closed meanwhile', async (context) => {
  const stage = await new DesktopStage(context).start();
  await stage.startRun();
  await Promise.all([stage.close('Stay'), stage.close('Stay')]);
  expect(stage.electron.dialog.questions).toHaveLength(1);
});

test('a run that is stopped is cancelled before the program ends', async (context) => {
  const stage = await new DesktopStage(context).start();
  await stage.startRun();
  stage.electron.app.once('exited', () => expect(stage.application.closed).toBe(1));
  await stage.close('Stop it and close');
  expect(stage.electron.app.exitCodes).toEqual([0]);
  expect.assertions(2);
});

test('in the background the run goes on; the tray brings the window back, and goes then', async (context) => {
  const stage = await new DesktopStage(context).start();
  await stage.startRun();
  await stage.close('Go on in the background');
  const { electron } = stage;
  const [tray] = electron.trays;
  expect([electron.window.state.visible, stage.application.closed, electron.app.exitCodes]).toEqual([false, 0, []]);
  expect(tray?.toolTip).toBe('Sitepair: Planned failover of erp');
  await stage.endRun();
  expect(tray?.toolTip).toBe('Sitepair: nothing runs');
  tray?.emit('click');
  expect([electron.window.state.visible, tray?.isDestroyed]).toEqual([true, true]);
});

test('quitting from the tray asks again, before the window', async (context) => {
  const stage = await new DesktopStage(context).start();
  await stage.startRun();
  await stage.close('Go on in the background');
  const quit = stage.electron.trays[0]?.menu.find(({ label }) => label === 'Quit Sitepair');
  stage.electron.dialog.press = 'Stay';
  Reflect.apply(quit?.click ?? expect.unreachable, quit, []);
  await settled();
  expect(stage.electron.dialog.questions).toHaveLength(2);
  expect(stage.electron.window.state.visible).toBe(true);
});

test('a signal asks nothing: what runs is stopped, resumable, and the program ends', async (context) => {
  const stage = await new DesktopStage(context).start();
  await stage.startRun();
  await stage.signal();
  await stage.signal();
  expect(stage.electron.dialog.questions).toEqual([]);
  expect([stage.application.closed, stage.electron.app.exitCodes]).toEqual([1, [0]]);
});

test('the machine is kept awake while something runs', async (context) => {
  const stage = await new DesktopStage(context).start();
  await stage.startRun();
  expect(stage.electron.awake).toBe(1);
  await stage.endRun();
  expect(stage.electron.awake).toBe(0);
});

test('a good end is told to who looks elsewhere, and leads to the run', async (context) => {
  const stage = await new DesktopStage(context).start();
  await stage.startRun();
  await stage.endRun({ outcome: 'succeeded' });
  const [notice] = stage.electron.notifications;
  expect(notice?.options.title).toBe('Planned failover of erp is done');
  expect(notice?.isShown).toBe(true);
  notice?.emit('click');
  expect(stage.electron.window.addresses.at(-1)).toBe('app://sitepair/#/runs/run-1');
  expect(stage.electron.window.state.focused).toBe(true);
});

test('who watches is told of failures only', async (context) => {
  const stage = await new DesktopStage(context).start();
  stage.electron.window.state.focused = true;
  await stage.startRun();
  await stage.endRun({ outcome: 'succeeded' });
  expect(stage.electron.notifications).toEqual([]);
  await stage.startRun();
  await stage.endRun({
    outcome: 'failed',
    error: { code: 'read-failed', message: 'The source cannot be read.', remedy: 'Replace the disk.' },
  });
  expect(stage.electron.notifications[0]?.options).toMatchObject({
    title: 'Planned failover of erp failed',
    body: 'The source cannot be read. Replace the disk.',
    urgency: 'critical',
  });
});
