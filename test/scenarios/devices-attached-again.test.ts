/**
 * Volumes that are devices, attached again after a failover, as by a restart of the machine: their write counters begin
 * anew then, and prove no longer that nobody wrote.
 */
import { symlinkSync, unlinkSync } from 'node:fs';
import { expect, test, type TestContext } from 'vitest';
import { skipUnless } from '../needs.ts';
import { bringBack, confirmed, contents, groupIn, lose, pointOf } from '../support/site-states.ts';
import { TwoSites, write } from '../support/two-sites.ts';
import { run } from '../volumes/scratch.ts';

/** Two sites whose first volume at the recovery site is a device, under a name that stays. */
class SitesWithDevice extends TwoSites {
  readonly #image: string;
  readonly #link: string;
  #device: string;

  constructor(context: TestContext) {
    skipUnless(context, { root: true, loop: true, commands: ['losetup'] });
    super(context);
    this.#image = this.scratch.sparseFile('one.disk', 301_056);
    this.#link = this.path('b/one.device');
    this.#device = this.#attach();
    this.scratch.later(() => run('losetup', '--detach', this.#device));
    this.pairs = this.pairs.map((pair, n) => (n === 0 ? { ...pair, target: this.#link } : pair));
  }

  #attach(): string {
    const device = run('losetup', '--find', '--show', this.#image);
    symlinkSync(device, this.#link);
    return device;
  }

  /** To another device, so that the counters are others, as after a restart. */
  attachAgain(): void {
    const before = this.#device;
    unlinkSync(this.#link);
    this.#device = this.#attach();
    run('losetup', '--detach', before);
  }

  /** Production writes to the device, past any cache. */
  writeDevice(): void {
    write(this.#link, 100_000, 60_000);
    run('blockdev', '--flushbufs', this.#device);
  }
}

test('the points of an old side are not promoted on the word of counters that began anew', async (context) => {
  const sites = new SitesWithDevice(context);
  await sites.sitepair.must(...sites.creation());
  await sites.sitepair.must('protect', 'erp');
  sites.attachAgain();
  await confirmed(sites, ['failover']);
  sites.writeDevice();
  const production = contents(sites, 'b');
  lose(sites, 'b');
  await confirmed(sites, ['failover', '--point', pointOf(await groupIn(sites, 'failed-over'), 'as-left')]);
  bringBack(sites, 'b');
  await confirmed(sites, ['commit']);
  sites.attachAgain();
  lose(sites, 'a');
  const group = await groupIn(sites, 'committed');
  expect(group.points.map((point) => [point.kind, point.state])).toEqual([
    ['cycle', 'ended'],
    ['as-left', 'usable'],
  ]);
  const id = pointOf(group, 'as-left');
  const { remedy } = await sites.refused(3, /Whether production has written to Hall B .* cannot be told/, [
    'failover',
    'erp',
    '--point',
    '1.1',
    '--confirm',
    'erp',
  ]);
  expect(remedy).toContain(`--point ${id} --confirm`);
  await confirmed(sites, ['failover', '--point', id]);
  expect(contents(sites, 'b')).toEqual(production);
});

test('a replica that is attached again is not called written by somebody', async (context) => {
  const sites = new SitesWithDevice(context);
  await sites.sitepair.must(...sites.creation());
  await sites.sitepair.must('protect', 'erp');
  write(sites.source(), 0, 20_000);
  await sites.sitepair.must('sync', 'erp');
  sites.attachAgain();
  const { report } = await sites.sitepair.run('check', 'erp', '--for', 'failover');
  const intact = report.checks?.find(({ id }) => id === 'replica-intact');
  expect(intact?.status, intact?.found).toBe('pass');
});
