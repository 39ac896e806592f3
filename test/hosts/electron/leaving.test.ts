import { expect, test } from 'vitest';
import { sampleProgress } from '../../catalog/sample-runs.ts';
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

test('a run that is still being started is asked about too: others have made way for it', async (context) => {
  const stage = await new DesktopStage(context).start();
  let refuse = (): void => undefined;
  stage.application.answer(
    'operations.start',
    () =>
      new Promise((_, reject) => {
        refuse = () => {
          reject(new Error('refused'));
        };
      }),
  );
  const started = stage.call('operations.start', { operation: 'failover', group: 'erp', confirm: 'erp' });
  await stage.close('Stay');
  expect(stage.electron.dialog.questions.map(({ message }) => message)).toEqual(['Failover of erp goes on']);
  refuse();
  await started;
  await stage.close();
  expect(stage.electron.dialog.questions).toHaveLength(1);
});

test('while a drill goes on it is asked as well, and what becomes of it is told', async (context) => {
  const stage = await new DesktopStage(context).start();
  stage.drill();
  await stage.close('Stay');
  const [question] = stage.electron.dialog.questions;
  expect(question?.message).toBe('A drill goes on');
  expect(question?.detail).toContain('cannot be resumed; what it made is removed');
  expect([stage.application.closed, stage.electron.awake]).toEqual([0, 1]);
  stage.drill('succeeded');
  await stage.close();
  expect(stage.electron.dialog.questions).toHaveLength(1);
  expect([stage.application.closed, stage.electron.awake]).toEqual([1, 0]);
});

test('while groups wait to be verified it is asked as well: how many are left, and that they are left out', async (context) => {
  const stage = await new DesktopStage(context).start();
  stage.verifies({ erp: 'succeeded', mail: 'running', web: 'waiting' });
  await stage.close('Stay');
  stage.verifies({ erp: 'succeeded', mail: 'succeeded', web: 'running' });
  await stage.close('Stay');
  const [first, second] = stage.electron.dialog.questions;
  expect([first?.message, second?.message]).toEqual(['Verify of 2 groups goes on', 'Verify of web goes on']);
  expect(first?.detail).toContain('The groups that wait are left out');
  stage.verifies({ erp: 'succeeded', mail: 'succeeded', web: 'succeeded' });
  await stage.close();
  expect(stage.electron.dialog.questions).toHaveLength(2);
  expect(stage.application.closed).toBe(1);
});

test('all that goes on is named in one question', async (context) => {
  const stage = await new DesktopStage(context).start();
  await stage.startRun();
  stage.verifies({ erp: 'running', mail: 'waiting' });
  stage.drill();
  await stage.close('Go on in the background');
  const [question] = stage.electron.dialog.questions;
  expect(question?.message).toBe('3 things go on');
  expect(question?.detail).toContain('Planned failover of erp, Verify of 2 groups, A drill.');
  expect(question?.buttons?.[1]).toBe('Stop them and close');
  await stage.endRun();
  stage.drill('succeeded');
  expect(stage.electron.trays[0]?.toolTip).toBe('Sitepair: Verify of 2 groups');
  expect(stage.electron.awake).toBe(1);
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

test('that a run waits for a person is told once to who looks elsewhere, and to nobody who watches', async (context) => {
  const stage = await new DesktopStage(context).start();
  await stage.startRun();
  const waits = (since: string): void => {
    const waiting = { step: 'switch', kind: 'manual' as const, text: 'Turn the name.', since };
    stage.application.push('run.progress', sampleProgress('run-1', { plan: { steps: [], output: '', waiting } }));
  };
  waits('2026-11-21T12:00:00.000Z');
  waits('2026-11-21T12:00:00.000Z');
  stage.electron.window.state.focused = true;
  waits('2026-11-21T12:01:00.000Z');
  expect(stage.electron.notifications.map(({ options }) => options)).toEqual([
    { title: 'Planned failover of erp waits for you', body: 'Turn the name.', urgency: 'critical' },
  ]);
  stage.electron.notifications[0]?.emit('click');
  expect(stage.electron.window.addresses.at(-1)).toBe('app://sitepair/#/runs/run-1');
});

test('a run that was told as cancelled and came to its end after all is told again', async (context) => {
  const stage = await new DesktopStage(context).start();
  await stage.startRun();
  await stage.endRun({ outcome: 'cancelled' });
  stage.application.push('run.ended', { runId: 'run-1' });
  await settled();
  await stage.endRun({ outcome: 'succeeded' });
  const titles = stage.electron.notifications.map(({ options }) => options.title);
  expect(titles).toEqual(['Planned failover of erp was stopped', 'Planned failover of erp is done after all']);
});

test('a missed target is told even to who watches, and leads to its group', async (context) => {
  const stage = await new DesktopStage(context).start();
  stage.electron.window.state.focused = true;
  const alert = { number: 1, at: '2026-11-21T12:00:00.000Z', group: 'erp', commandFailure: null };
  stage.application.push('alert.raised', { ...alert, event: 'target-missed', message: 'It is 16 min old.' });
  stage.application.push('alert.raised', { ...alert, event: 'target-held', message: 'It is younger again.' });
  expect(stage.electron.notifications.map(({ options }) => options)).toEqual([
    { title: 'erp misses its target', body: 'It is 16 min old.', urgency: 'critical' },
  ]);
  stage.electron.notifications[0]?.emit('click');
  expect(stage.electron.window.addresses.at(-1)).toBe('app://sitepair/#/groups/erp');
});

test('how a drill ended is told to who looks elsewhere, but not that it was stopped', async (context) => {
  const stage = await new DesktopStage(context).start();
  for (const verdict of ['cancelled', 'failed', 'succeeded'] as const) {
    stage.drill();
    stage.drill(verdict);
  }
  const titles = stage.electron.notifications.map(({ options }) => [options.title, options.urgency]);
  expect(titles).toEqual([
    ['The drill failed', 'critical'],
    ['The drill succeeded', 'normal'],
  ]);
  stage.electron.notifications.at(-1)?.emit('click');
  expect(stage.electron.window.addresses.at(-1)).toBe('app://sitepair/#/drill');
});

test('what verifying groups in turn found is told, but not that it was stopped', async (context) => {
  const stage = await new DesktopStage(context).start();
  stage.verifies({ erp: 'cancelled', mail: 'left-out' });
  stage.verifies({ erp: 'succeeded', mail: 'failed' });
  stage.verifies({ mail: 'succeeded' });
  stage.verifies({ erp: 'succeeded', mail: 'blocked' });
  const told = stage.electron.notifications.map(({ options }) => [options.title, options.body]);
  expect(told).toEqual([
    ['Verify of 2 groups found something', '1 of 2 replicas holds what its point says, 1 did not pass. Look at mail.'],
    ['Verify of mail is done', 'Every replica holds what its point says.'],
    [
      'Verify of 2 groups did not read all',
      '1 of 2 replicas holds what its point says, 1 was not verified. Look at mail.',
    ],
  ]);
});

test('a cycle that began by the clock keeps the machine awake, is asked about, and its end is not told', async (context) => {
  const stage = await new DesktopStage(context).start();
  const cycle = { runId: 'c1', operation: 'sync', group: 'erp' } as const;
  stage.application.push('run.begun', { ...cycle, runId: 'mine', operator: 'mira' });
  expect(stage.electron.awake, 'what somebody began counts where he began it').toBe(0);
  stage.application.push('run.begun', { ...cycle, operator: 'scheduler' });
  expect(stage.electron.awake).toBe(1);
  await stage.close('Stay');
  const [question] = stage.electron.dialog.questions;
  expect(question?.message).toBe('Sync of erp by the clock goes on');
  expect(question?.detail).toContain('is gone on with at the next start');
  stage.application.push('run.ended', { runId: 'c1' });
  expect([stage.electron.awake, stage.electron.notifications]).toEqual([0, []]);
});

test('who closes the window that begins the cycles is told that they stop, and may leave them to the background', async (context) => {
  const stage = await new DesktopStage(context).start();
  const turn = { at: '2031-05-04T12:02:31.000Z', waits: '', misses: null };
  const turns = [
    { ...turn, group: 'erp' },
    { ...turn, group: 'mail', at: null, waits: 'Cycles of this group are begun by hand.' },
  ];
  let here = true;
  stage.application.answer('schedule.show', () => ({ scheduler: { pid: 1, client: 'electron', here }, turns }));
  await stage.close('Go on in the background');
  const [question] = stage.electron.dialog.questions;
  expect(question?.message).toBe('No cycle begins while Sitepair is closed');
  expect(question?.detail).toContain('This window begins the cycles of 1 group by the clock.');
  expect(stage.electron.window.state).toMatchObject({ visible: false, destroyed: false });
  expect(stage.application.closed).toBe(0);
  // The service has the seat: nothing stops.
  here = false;
  await stage.close();
  expect(stage.electron.dialog.questions).toHaveLength(1);
  expect(stage.application.closed).toBe(1);
});
