/** A pair joins a protected group: the next cycle copies it whole, and older points go on without it. */
import { randomBytes } from 'node:crypto';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { expect, test, type TestContext } from 'vitest';
import { digestOf } from '../support/fingerprint.ts';
import { anything, Checkpoint, killed } from '../support/kills.ts';
import { allows, groupAfter, sweep, sweepTimeout } from '../support/kill-sweep.ts';
import { bringBack, confirmed, contents, cyclesOf, groupIn, lose } from '../support/site-states.ts';
import { TwoSites, write } from '../support/two-sites.ts';
import { run } from '../volumes/scratch.ts';

/** A protected group with two points, and a third volume beside its own. */
async function withThird(context: TestContext): Promise<{ sites: TwoSites; third: string; made: string }> {
  const sites = new TwoSites(context);
  await sites.protect();
  write(sites.source(0), 10_000, 50_000);
  await sites.sitepair.must('sync', 'erp');
  const third = sites.path('a/three.img');
  writeFileSync(third, randomBytes(200_000));
  return { sites, third, made: sites.path('b/three.img') };
}

function joined(sites: TwoSites): void {
  sites.pairs = [...sites.pairs, { source: sites.path('a/three.img'), target: sites.path('b/three.img') }];
}

test('the next cycle copies it and moves only what changed of the others; older points lack it', async (context) => {
  const { sites, third, made } = await withThird(context);
  const { group } = await sites.sitepair.must('group', 'add-pair', 'erp', `${third}::${made}`);
  expect(group?.joining).toMatchObject([{ id: 'pair-3', primaryPath: third, recoveryPath: made, sizeBytes: 200_000 }]);
  expect(group?.pairs).toHaveLength(2);
  expect(group?.health.reasons.join()).toMatch(/pair-3 is in no point yet/);
  expect(existsSync(made), 'nothing is written before the cycle').toBe(false);

  write(sites.source(1), 0, 5000);
  const { run: cycle } = await sites.sitepair.must('sync', 'erp');
  joined(sites);
  sites.expectMirrored();
  expect(cycle?.bytesWritten).toBeLessThan(200_000 + (16 << 10) * 2);
  const then = await groupIn(sites, 'protected');
  expect(then.pairs.map(({ id }) => id)).toEqual(['pair-1', 'pair-2', 'pair-3']);
  expect(then.joining).toBeUndefined();
  expect(then.points.map(({ lacks }) => lacks)).toEqual([['pair-3'], ['pair-3'], []]);
  await sites.sitepair.must('verify', 'erp');

  write(third, 100_000, 50_000);
  const old = contents(sites, 'b');
  await sites.sitepair.must('sync', 'erp');
  lose(sites, 'a');
  const [, , whole = ''] = cyclesOf(then);
  await confirmed(sites, ['failover', '--point', whole]);
  expect(contents(sites, 'b'), 'a point that has it brings all three back').toEqual(old);
});

test('a failover to a point from before says that it lacks the pair, and brings the others back', async (context) => {
  const { sites, third, made } = await withThird(context);
  const old = contents(sites, 'b');
  const [, second = ''] = cyclesOf(await groupIn(sites, 'protected'));
  await sites.sitepair.must('group', 'add-pair', 'erp', `${third}::${made}`);
  write(sites.source(0), 0, 90_000);
  await sites.sitepair.must('sync', 'erp');
  const copied = digestOf(made);
  write(third, 0, 90_000);
  await sites.sitepair.must('sync', 'erp');
  lose(sites, 'a');
  await sites.refused(2, /It lacks .*b\/three\.img/, ['failover', 'erp', '--point', second]);
  const { report } = await sites.sitepair.run('check', 'erp', '--for', 'failover', '--point', second);
  expect(report.checks?.find(({ id }) => id === 'pairs-in-point')).toMatchObject({ status: 'warn' });
  await confirmed(sites, ['failover', '--point', second]);
  expect(contents(sites, 'b')).toEqual(old);
  expect(digestOf(made), 'as it was first copied').toBe(copied);
  bringBack(sites, 'a');
  await confirmed(sites, ['commit'], ['reprotect']);
  joined(sites);
  sites.expectMirrored();
});

test('a failover before its first cycle goes without it, and says so', async (context) => {
  const { sites, third, made } = await withThird(context);
  await sites.sitepair.must('group', 'add-pair', 'erp', `${third}::${made}`);
  const planned = ['failover', 'erp', '--planned', '--confirm', 'erp'];
  await sites.refused(3, /pair-3 was added and not copied yet/, planned);
  const before = contents(sites, 'b');
  const left = digestOf(third);
  lose(sites, 'a');
  await sites.refused(2, /No point has .*b\/three\.img/, ['failover', 'erp']);
  await confirmed(sites, ['failover']);
  expect(contents(sites, 'b')).toEqual(before);
  expect(existsSync(made)).toBe(false);

  bringBack(sites, 'a');
  write(sites.target(0), 0, 60_000);
  await confirmed(sites, ['commit'], ['reprotect']);
  sites.expectMirrored();
  expect((await groupIn(sites, 'protected')).health.reasons.join()).toMatch(/waits until production is at Hall A/);
  await sites.sitepair.must('sync', 'erp');
  expect(digestOf(third), 'the way back never writes to it').toBe(left);
  expect(existsSync(made)).toBe(false);
  await confirmed(sites, ['failback', '--accept', 'pairs-in-point'], ['commit'], ['reprotect']);
  await sites.sitepair.must('sync', 'erp');
  joined(sites);
  sites.expectMirrored();
});

test('a target that holds data is refused, saved at the operator’s word, and lost only at another', async (context) => {
  const { sites, third, made } = await withThird(context);
  writeFileSync(made, randomBytes(250_000));
  const held = digestOf(made);
  const add = ['group', 'add-pair', 'erp', `${third}::${made}`];
  await sites.refused(3, /three\.img holds data/, add);
  await sites.refused(2, /saved in the undo journal/, [...add, '--overwrite']);
  await sites.sitepair.must(...add, '--overwrite', '--confirm', 'erp');
  const [, second = ''] = cyclesOf(await groupIn(sites, 'protected'));
  await sites.sitepair.must('sync', 'erp');
  expect(() => run('cmp', '-n', '200000', third, made)).not.toThrow();
  expect(digestOf(made)).not.toBe(held);
  lose(sites, 'a');
  await confirmed(sites, ['failover', '--point', second]);
  expect(digestOf(made), 'its own content is back').toBe(held);
});

test('a lost target of a pair that was joining keeps nobody from a failover, nor from a rollback that is told of it', async (context) => {
  const { sites, third, made } = await withThird(context);
  writeFileSync(made, randomBytes(250_000));
  const before = contents(sites, 'b');
  const add = ['group', 'add-pair', 'erp', `${third}::${made}`, '--overwrite', '--confirm', 'erp'];
  await sites.sitepair.must(...add);
  expect(await killed(sites, { files: /\/b\/three\.img$/, nth: 1 }, 'sync', 'erp')).toBe(true);
  rmSync(made);
  const refused = await sites.refused(5, /three\.img/, ['rollback', 'erp']);
  expect(refused.remedy).toContain('rollback erp --accept replica-intact');
  const crashed = new Checkpoint(sites);
  await sites.sitepair.must('rollback', 'erp', '--accept', 'replica-intact');
  expect(contents(sites, 'b')).toEqual(before);
  expect((await groupIn(sites, 'protected')).joining).toHaveLength(1);
  crashed.restore();
  lose(sites, 'a');
  await confirmed(sites, ['failover']);
  expect(contents(sites, 'b')).toEqual(before);
});

test('wrong words and wrong volumes are refused, and nothing is changed', async (context) => {
  const { sites, third, made } = await withThird(context);
  const add = (pair: string, ...more: string[]): string[] => ['group', 'add-pair', 'erp', pair, ...more];
  await sites.refused(2, /is used twice/, add(`${third}::${third}`));
  await sites.refused(2, /used twice/, add(`${third}::${sites.target(0)}`));
  await sites.refused(2, /has a pair pair-1 already/, add(`${third}::${made}`, '--id', 'pair-1'));
  await sites.refused(2, /could not tell from Pair\.1/, add(`${third}::${made}`, '--id', 'Pair.1'));
  await sites.refused(2, /no id for a pair/, add(`${third}::${made}`, '--id', 'a b'));
  writeFileSync(sites.path('b/small.img'), '');
  await sites.refused(2, /small\.img has 0 bytes/, add(`${third}::${sites.path('b/small.img')}`));
  await sites.refused(2, /without --overwrite/, add(`${third}::${made}`, '--discard'));
  await confirmed(sites, ['failover']);
  await sites.refused(3, /cannot be changed now: the group has failed over/, add(`${third}::${made}`));
});

test('killed before any change of the cycle that takes it in', { timeout: sweepTimeout }, async (context) => {
  const sites = new TwoSites(context);
  await sites.protect('--chunk-size', '64K');
  const third = sites.path('a/three.img');
  const made = sites.path('b/three.img');
  writeFileSync(third, randomBytes(150_000));
  await sites.sitepair.must('group', 'add-pair', 'erp', `${third}::${made}`);
  const old = contents(sites, 'b');
  write(sites.source(0), 50_000, 20_000);
  const fresh = contents(sites, 'a');
  const kills = await sweep(sites, {
    words: ['sync', 'erp'],
    files: anything,
    ways: [
      async (group) => {
        if (allows(group, 'resume')) await groupAfter(sites, ['resume', 'erp']);
        const then = await groupAfter(sites, ['sync', 'erp']);
        expect(then.pairs).toHaveLength(3);
        sites.expectMirrored();
        run('cmp', third, made);
        await sites.sitepair.must('verify', 'erp');
      },
      async (group) => {
        const then = allows(group, 'rollback') ? await groupAfter(sites, ['rollback', 'erp']) : group;
        const complete = cyclesOf(then).length === 2;
        expect(contents(sites, 'b')).toEqual(complete ? fresh : old);
        expect(then.pairs).toHaveLength(complete ? 3 : 2);
        expect(then.joining ?? []).toHaveLength(complete ? 0 : 1);
        if (allows(group, 'rollback')) expect(existsSync(made)).toBe(false);
        await sites.sitepair.must('verify', 'erp');
      },
      async (group) => {
        lose(sites, 'a');
        const then = await groupAfter(sites, ['failover', 'erp', '--confirm', 'erp']);
        expect(contents(sites, 'b')).toEqual(cyclesOf(group).length === 2 ? fresh : old);
        expect(then.pairs).toHaveLength(cyclesOf(group).length === 2 ? 3 : 2);
        bringBack(sites, 'a');
      },
      async (group) => {
        if (!allows(group, 'rollback') || !existsSync(made)) return;
        rmSync(made);
        lose(sites, 'a');
        const then = await groupAfter(sites, ['failover', 'erp', '--confirm', 'erp']);
        expect(contents(sites, 'b'), 'a lost target of the added pair keeps nobody from it').toEqual(old);
        expect(then.pairs).toHaveLength(2);
        bringBack(sites, 'a');
      },
    ],
  });
  expect(kills).toBeGreaterThan(15);
});
