/** A failover plan that is carried out when the window is closed, and how its end is told. */
import { expect, test } from 'vitest';
import type { JoinedRun } from '../../../src-main/contract/failover-plans.ts';
import { DesktopStage } from './desktop-stage.ts';

const turn = { priority: 1, runId: null, outcome: null, accept: [] };

function runOf(outcome: JoinedRun['outcome']): JoinedRun {
  return {
    ...{ id: 'p1', plan: 'hall-a-lost', operation: 'failover', to: 'recovery', onFailure: 'stop', atOnce: 4 },
    attempts: [{ at: '2031-05-04T12:02:31.000Z', operator: 'mira' }],
    ...{ endedAt: null, outcome, cancelling: false },
    turns: [
      { ...turn, group: 'erp', state: 'done', says: '' },
      { ...turn, group: 'mail', state: outcome === null ? 'running' : 'stopped', says: 'Its disk is not there.' },
    ],
  };
}

test('it is asked about while it goes on, and where it stopped is told', async (context) => {
  const stage = await new DesktopStage(context).start();
  stage.application.push('failover-plan.changed', runOf(null));
  expect(stage.electron.awake).toBe(1);
  await stage.close('Stay');
  const [question] = stage.electron.dialog.questions;
  expect(question?.message).toBe('Failover by the plan hall-a-lost goes on');
  expect(question?.detail).toContain('can be resumed; groups that are through are not done again');
  stage.application.push('failover-plan.changed', runOf('stopped'));
  expect(stage.electron.awake).toBe(0);
  expect(stage.electron.notifications.map(({ options }) => options)).toMatchObject([
    { title: 'Failover by the plan hall-a-lost has stopped', body: 'mail: Its disk is not there.' },
  ]);
  stage.electron.notifications[0]?.emit('click');
  expect(stage.electron.window.addresses.at(-1)).toBe('app://sitepair/#/plans/hall-a-lost');
});

test('one that its operator stopped is not told', async (context) => {
  const stage = await new DesktopStage(context).start();
  stage.application.push('failover-plan.changed', runOf(null));
  stage.application.push('failover-plan.changed', runOf('cancelled'));
  expect([stage.electron.awake, stage.electron.notifications]).toEqual([0, []]);
});
