/**
 * What --json prints, held against the contract that the design fixes for programs: every name and type that it lists
 * is there. What is printed beside is listed here too, so that nothing comes in unnoticed.
 */
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { sitepairHere } from '../../support/command-line.ts';
import { TwoSites, write } from '../../support/two-sites.ts';

const natural = z.number().int().nonnegative();
/** A value that is printed beside what the design lists. */
const beside = z.unknown().refine((value) => value !== undefined);

const error = z.strictObject({
  code: z.string().regex(/^[a-z-]+$/),
  message: z.string().min(1),
  where: z.string().min(1).optional(),
  remedy: z.string().min(1),
});

const point = z.strictObject({
  id: z.string().regex(/^\d+\.\d+$/),
  at: z.iso.datetime(),
  kind: z.enum(['cycle', 'before-protect', 'before-reprotect', 'before-undo', 'before-change', 'as-left']),
  consistency: z.enum(['application', 'crash', 'fuzzy']),
  state: z.enum(['usable', 'incomplete', 'damaged', 'ended']),
  undoBytes: natural,
  site: beside,
  current: beside,
  lacks: beside,
  roleLostAt: z.iso.datetime().optional(),
});

const phase = z.enum([
  'unprotected',
  'seeding',
  'protected',
  'syncing',
  'interrupted',
  'failing-over',
  'failed-over',
  'undoing',
  'committed',
  'reprotecting',
]);

const group = z.strictObject({
  name: z.string(),
  phase,
  activeSite: z.enum(['primary', 'recovery']).nullable(),
  testFailover: z.enum(['none', 'running', 'cleanup-needed']),
  epoch: natural,
  health: z.strictObject({ level: z.enum(['ok', 'warning', 'critical']), reasons: z.array(z.string().min(1)) }),
  rpo: z.strictObject({ targetSeconds: natural, actualSeconds: natural.nullable() }),
  pairs: z.array(
    z.strictObject({
      id: z.string(),
      primaryPath: z.string().startsWith('/'),
      recoveryPath: z.string().startsWith('/'),
      sizeBytes: natural,
      mirrorState: z.enum(['uninitialized', 'mirrored', 'broken']),
      relationshipStatus: z.enum(['idle', 'transferring']),
    }),
  ),
  points: z.array(point),
  id: beside,
  version: beside,
  replicaSite: beside,
  primarySite: beside,
  recoverySite: beside,
  groupStatus: beside,
  policy: beside,
  stores: beside,
  actions: beside,
  hints: beside,
  readiness: beside.optional(),
  unreached: beside.optional(),
  doubtful: beside.optional(),
  byClock: beside.optional(),
  failoverPoint: beside,
  failoverPointAt: beside,
  lookedAt: beside,
  missing: beside.optional(),
  passedOver: beside.optional(),
});

const run = z.strictObject({
  id: z.string().min(1),
  operation: z.string(),
  outcome: z.enum(['succeeded', 'failed', 'blocked', 'cancelled', 'interrupted']),
  seconds: z.number().nonnegative(),
  bytesCompared: natural,
  bytesDiffering: natural,
  bytesWritten: natural,
  bytesSkipped: natural,
  undoBytes: natural.optional(),
  pointId: z.string().optional(),
  error: error.optional(),
  groupName: beside,
  operator: beside,
  startedAt: beside,
  confirmedAt: beside.optional(),
  steps: beside,
  accepted: beside,
  report: beside,
});

const check = z.strictObject({
  id: z.string(),
  title: z.string().min(1),
  status: z.enum(['pass', 'warn', 'fail', 'unknown']),
  found: z.string().min(1),
  gist: z.string().optional(),
  why: z.string().min(1),
  remedy: z.string(),
  blocks: beside,
  acceptable: beside,
  accepted: beside,
});

const shown = z.strictObject({ group });
const operation = z.strictObject({ run, group, checks: z.array(check).optional(), next: beside, warnings: beside });
const checked = z.strictObject({
  verdict: z.enum(['ready', 'warnings', 'blocked']),
  checks: z.array(check),
  operation: beside,
  consequences: beside,
});
const mismatch = z.strictObject({ pairId: z.string(), offset: natural, length: z.number().int().positive() });
const verified = operation.extend({ mismatches: z.array(mismatch) });
const refused = z.strictObject({ error });

/** Runs a command with --json, which must end with this exit code and print one object of this shape, and no more. */
async function printed<T extends z.ZodType>(
  sites: TwoSites,
  shape: T,
  exitCode: number,
  ...words: string[]
): Promise<z.infer<T>> {
  const ended = await sitepairHere([...words, '--json', '--home', sites.sitepair.home], '/');
  expect([ended.exitCode, ended.stderr], ended.stdout).toEqual([exitCode, '']);
  expect(ended.stdout.endsWith('}\n')).toBe(true);
  return shape.parse(JSON.parse(ended.stdout));
}

const confirm = ['--confirm', 'erp'];

describe('the life of a group', () => {
  test('shows it in every phase, and gives each operation, in the shapes of the contract', async (context) => {
    const sites = new TwoSites(context);
    const show = async (): Promise<z.infer<typeof group>> =>
      (await printed(sites, shown, 0, 'group', 'show', 'erp')).group;
    const made = await printed(sites, shown, 0, ...sites.creation());
    expect(made.group).toMatchObject({ phase: 'unprotected', activeSite: 'primary', epoch: 0, points: [] });
    expect(made.group.pairs.map((pair) => pair.mirrorState)).toEqual(['uninitialized', 'uninitialized']);

    const protecting = await printed(sites, operation, 0, 'protect', 'erp');
    expect(protecting.run).toMatchObject({ operation: 'protect', outcome: 'succeeded', pointId: '1.1' });
    expect(protecting.run.bytesCompared + protecting.run.bytesSkipped).toBe(300_001 + (1 << 20));
    expect(await show()).toMatchObject({ phase: 'protected', testFailover: 'none', rpo: { targetSeconds: 900 } });
    expect((await show()).points.map(({ kind }) => kind)).toEqual(['cycle']);

    write(sites.source(), 20_000, 10);
    const syncing = await printed(sites, operation, 0, 'sync', 'erp');
    expect(syncing.run).toMatchObject({ bytesDiffering: 16 << 10, pointId: '1.2' });
    const { points } = await show();
    expect(points.map(({ id, undoBytes }) => [id, undoBytes > 0])).toEqual([
      ['1.1', true],
      ['1.2', false],
    ]);

    const verifying = await printed(sites, verified, 0, 'verify', 'erp');
    expect(verifying).toMatchObject({ run: { operation: 'verify', outcome: 'succeeded' }, mismatches: [] });

    const failing = await printed(sites, operation, 0, 'failover', 'erp', ...confirm);
    expect(failing.group).toMatchObject({
      phase: 'failed-over',
      activeSite: 'recovery',
      epoch: 2,
      rpo: { actualSeconds: null },
    });
    await printed(sites, operation, 0, 'commit', 'erp', ...confirm);
    expect((await show()).points.map(({ kind }) => kind)).toEqual(['as-left']);
    write(sites.target(1), 5000, 10);
    await printed(sites, operation, 0, 'reprotect', 'erp', ...confirm);
    expect((await show()).points.map(({ kind }) => kind)).toEqual(['before-reprotect', 'cycle']);
    const back = await printed(sites, operation, 0, 'failback', 'erp', ...confirm);
    expect(back.run).toMatchObject({ operation: 'failback', outcome: 'succeeded' });
  });
});

describe('what goes wrong', () => {
  test('a verify that finds differences names them, ends with 1, and has the error in the run', async (context) => {
    const sites = new TwoSites(context);
    await sites.protect();
    write(sites.target(), 20_000, 1);
    write(sites.target(1), 0, 16 << 10);
    const { run: ended, mismatches } = await printed(sites, verified, 1, 'verify', 'erp');
    expect(mismatches).toEqual([
      { pairId: 'pair-1', offset: 16 << 10, length: 16 << 10 },
      { pairId: 'pair-2', offset: 0, length: 16 << 10 },
    ]);
    expect(ended).toMatchObject({ outcome: 'failed', error: { code: 'verify-mismatch' } });
  });

  test('checks are ready, with warnings or blocked, with exit codes 0, 0 and 3', async (context) => {
    const sites = new TwoSites(context);
    await sites.protect();
    expect((await printed(sites, checked, 0, 'check', 'erp', '--for', 'verify')).verdict).toBe('ready');
    expect((await printed(sites, checked, 0, 'check', 'erp', '--for', 'sync')).verdict).toBe('warnings');
    expect((await printed(sites, checked, 3, 'check', 'erp', '--for', 'commit')).verdict).toBe('blocked');
  });

  test('a blocked operation has its checks, and ends with 3', async (context) => {
    const sites = new TwoSites(context);
    await sites.protect();
    write(sites.target(), 20_000, 1);
    const blocked = await printed(sites, operation, 3, 'failover', 'erp', ...confirm);
    expect(blocked.run).toMatchObject({ outcome: 'blocked', error: { code: 'blocked' }, bytesWritten: 0 });
    expect(blocked.checks?.filter(({ status }) => status === 'fail').map(({ id }) => id)).toEqual(['replica-intact']);
  });

  test('an error is an error', async (context) => {
    const sites = new TwoSites(context);
    await sites.sitepair.must(...sites.creation());
    expect((await printed(sites, refused, 2, 'group', 'show', 'crm')).error.code).toBe('group-unknown');
    expect((await printed(sites, refused, 2, 'frobnicate')).error.code).toBe('invalid-input');
    expect((await printed(sites, refused, 2, 'failover', 'erp')).error.code).toBe('confirmation-missing');
  });
});
