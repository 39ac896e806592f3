/** The service proves readiness by itself, and tells of a loss once, and of its end. */
import { readFileSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { skipUnless } from '../needs.ts';
import { applicationAt } from '../support/application-at.ts';
import { Program } from '../support/command-line.ts';
import { TwoSites } from '../support/two-sites.ts';
import { run } from '../volumes/scratch.ts';

const soon = { timeout: 60_000, interval: 50 };

test(
  'a way back that is lost is found by the clock and told once, and so is its end',
  { timeout: 180_000 },
  async (context) => {
    skipUnless(context, { root: true, loop: true, commands: ['losetup', 'blockdev'] });
    const sites = new TwoSites(context);
    const device = sites.scratch.loop(sites.scratch.sparseFile('image', 1 << 20));
    sites.pairs = [{ source: device, target: sites.target() }];
    await sites.protect('--schedule', 'off');
    const application = await applicationAt(sites.sitepair.home, context);
    const way = async (): Promise<string | undefined> => {
      const { group } = await application.invoke('groups.show', { name: 'erp' });
      return group.readiness?.proof?.ways.find((one) => one.way === 'way-back')?.state;
    };
    const events = async (): Promise<string[]> => {
      const { alerts } = await application.invoke('alerts.list', { limit: 20 });
      return alerts.map(({ event }) => event).filter((event) => event.startsWith('way-back'));
    };
    const told = sites.path('told');
    await sites.sitepair.must('alerts', '--on-alert', `echo "$SITEPAIR_EVENT $SITEPAIR_GROUP" >> ${told}`);
    const service = (): Program => new Program(['--home', sites.sitepair.home, 'service']);
    const ended = async (program: Program): Promise<void> => {
      program.signal('SIGTERM');
      expect((await program.ended).exitCode).toBe(0);
    };

    const first = service();
    await vi.waitFor(async () => expect(await way()).toBe('warnings'), soon);
    expect(await events()).toEqual([]);
    await ended(first);

    sites.scratch.later(() => run('blockdev', '--setrw', device));
    run('blockdev', '--setro', device);
    const { group } = await application.invoke('groups.show', { name: 'erp' });
    expect(group.readiness?.again).toMatchObject({ failover: null });
    expect(group.readiness?.again.both).toMatch(/^On production's side/);
    const second = service();
    await vi.waitFor(async () => expect(await events()).toEqual(['way-back-blocked']), soon);
    expect(await way()).toBe('blocked');
    // Looked at once more, with the same end.
    expect((await sites.sitepair.run('readiness', 'erp', '--now')).exitCode).toBe(3);

    run('blockdev', '--setrw', device);
    expect((await sites.sitepair.run('readiness', 'erp', '--now')).exitCode).toBe(0);
    await vi.waitFor(async () => expect(await events()).toEqual(['way-back-possible', 'way-back-blocked']), soon);
    await vi.waitFor(() => expect(readFileSync(told, 'utf8')).toMatch(/possible erp\n$/), soon);
    expect(readFileSync(told, 'utf8')).toBe('way-back-blocked erp\nway-back-possible erp\n');
    await ended(second);
  },
);

test('what nobody wants proved by the clock is not', { timeout: 120_000 }, async (context) => {
  const sites = new TwoSites(context);
  await sites.protect('--rpo', '10s', '--schedule', 'off');
  await sites.sitepair.run('readiness', '--every', 'off');
  const application = await applicationAt(sites.sitepair.home, context);
  const running = new Program(['--home', sites.sitepair.home, 'service']);
  // The service has looked at the group when it tells that its target is missed.
  await vi.waitFor(async () => {
    const { alerts } = await application.invoke('alerts.list', { limit: 1 });
    expect(alerts[0]?.event).toBe('target-missed');
  }, soon);
  const { group } = await application.invoke('groups.show', { name: 'erp' });
  expect(group.readiness?.proof).toBeNull();
  running.signal('SIGTERM');
  await running.ended;
});
