/**
 * The recovery site is lost while a failover is being undone: the primary site holds what production left there, and
 * the undo has only read it. It is promoted when it is named, and what production wrote at the recovery site is not
 * lost.
 */
import { expect, test, type TestContext } from 'vitest';
import { killed } from '../support/kills.ts';
import { bringBack, confirmed, contents, groupIn, lose, pointOf } from '../support/site-states.ts';
import { commandIn, TwoSites, write } from '../support/two-sites.ts';

/** An undo of a failover, killed while it writes the volumes; then the recovery site is lost. */
async function halfUndone(context: TestContext): Promise<{ sites: TwoSites; left: string[]; production: string[] }> {
  const sites = new TwoSites(context);
  await sites.protect();
  write(sites.source(0), 10_000, 20_000);
  const left = contents(sites, 'a');
  await confirmed(sites, ['failover']);
  write(sites.target(0), 50_000, 20_000);
  write(sites.target(1), 0, 70_000);
  const production = contents(sites, 'b');
  expect(await killed(sites, { files: /\/b\/two\.img$/, nth: 1 }, 'undo', 'erp', '--confirm', 'erp')).toBe(true);
  lose(sites, 'b');
  return { sites, left, production };
}

test('what the old side holds is promoted when it is named', async (context) => {
  const { sites, left } = await halfUndone(context);
  const group = await groupIn(sites, 'undoing');
  const id = pointOf(group, 'as-left');
  for (const words of [['resume'], ['rollback'], ['failover', '--confirm', 'erp']]) {
    const [command = '', ...rest] = words;
    await sites.refused(3, /one\.img is not there/, [command, 'erp', ...rest]);
  }
  expect(group.hints.at(-1)).toContain(`Hall B is lost too: sitepair failover erp --point ${id}`);
  await sites.sitepair.must(...commandIn(group.hints.at(-1) ?? ''));
  expect((await groupIn(sites, 'failed-over')).activeSite).toBe('primary');
  expect(contents(sites, 'a')).toEqual(left);
});

test('the recovery site comes back: what production wrote there is before-reprotect, whole', async (context) => {
  const { sites, production } = await halfUndone(context);
  await confirmed(sites, ['failover', '--point', pointOf(await groupIn(sites, 'undoing'), 'as-left')]);
  write(sites.source(0), 100_000, 30_000);
  bringBack(sites, 'b');
  const undo = ['undo', 'erp', '--confirm', 'erp'];
  await sites.refused(3, /Hall B was cut off while it was being overwritten/, undo);
  expect(pointOf(await groupIn(sites, 'failed-over'), 'before-undo')).not.toBe('');
  await confirmed(sites, ['commit'], ['reprotect']);
  sites.expectMirrored();
  await confirmed(sites, ['failover', '--point', pointOf(await groupIn(sites, 'protected'), 'before-reprotect')]);
  expect(contents(sites, 'b')).toEqual(production);
});
