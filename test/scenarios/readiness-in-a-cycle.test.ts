/** A group that could fail over can so while a cycle goes on, be it the first try of it or one more. */
import { expect, test } from 'vitest';
import { failoverStanding } from '../../src-main/contract/can-fail-over.ts';
import type { GroupView } from '../../src-main/contract/groups.ts';
import type { Operation } from '../../src-main/contract/phases.ts';
import { applicationAt } from '../support/application-at.ts';
import { Gate } from '../support/gate.ts';
import { TwoSites } from '../support/two-sites.ts';

test('a cycle that is resumed takes nothing from what a failover has, as one that begins does not', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  const application = await applicationAt(sites.sitepair.home, context);
  /** Whether it can fail over, by its view and by what goes on in it. */
  const standing = async (phase: GroupView['phase']): Promise<unknown> => {
    const { group } = await application.invoke('groups.show', { name: 'erp' });
    expect(group.phase).toBe(phase);
    const [run] = (await application.invoke('runs.list', { group: 'erp', limit: 1 })).runs;
    return failoverStanding(group, run?.outcome === null ? run : null);
  };
  /** What can be said while the operation goes on, which then is killed. */
  const during = async (operation: Operation): Promise<unknown> => {
    const gate = new Gate(sites.path(operation));
    await sites.sitepair.must('group', 'set', 'erp', '--before-cycle', gate.command);
    await sites.sitepair.run('readiness', 'erp', '--now');
    const before = await standing(operation === 'resume' ? 'interrupted' : 'protected');
    expect(before).toEqual({ state: 'can', why: '' });
    const running = sites.sitepair.start(operation, 'erp');
    await gate.reached();
    const said = await standing('syncing');
    running.kill('SIGKILL');
    await running.ended;
    gate.open();
    return said;
  };
  expect(await during('sync')).toEqual({ state: 'can', why: '' });
  expect(await standing('interrupted'), 'what was found before it was cut off is looked at again').toMatchObject({
    state: 'again',
  });
  expect(await during('resume')).toEqual({ state: 'can', why: '' });
});
