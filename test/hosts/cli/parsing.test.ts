import { describe, expect, it } from 'vitest';
import type { OperationRequest } from '../../../src-main/contract/runs.ts';
import { CliStage, type StageOptions } from './cli-stage.ts';
import { sampleCheckReport, sampleGroup, sampleResult, sampleRun } from './sample-reports.ts';

function stage(options?: StageOptions): CliStage {
  const made = new CliStage(options);
  const group = sampleGroup();
  made.application
    .answer('volumes.list', () => ({ volumes: [] }))
    .answer('volumes.unprotected', () => ({ volumes: [], unseen: [] }))
    .answer('groups.create', () => ({ group }))
    .answer('groups.list', () => ({ groups: [group] }))
    .answer('groups.show', () => ({ group }))
    .answer('groups.set', () => ({ group }))
    .answer('groups.remove', () => ({ message: 'Removed.' }))
    .answer('groups.adopt', () => ({ group, notes: ['Hall A was not reached.'] }))
    .answer('checks.run', () => sampleCheckReport())
    .answer('operations.start', () => ({ runId: 'r1' }))
    .answer('operations.result', () => sampleResult())
    .answer('runs.list', () => ({ runs: [sampleRun()] }))
    .answer('runs.show', () => ({ run: sampleRun() }))
    .answer('audit.list', () => ({ entries: [] }))
    .answer('audit.verify', () => ({ intact: true, entries: 3, brokenAt: null, detail: '' }));
  return made;
}

describe('group create', () => {
  const least = [
    ...['group', 'create', 'erp-db', '--primary-site', 'Hall A', '--recovery-site', 'Hall B'],
    ...['--primary-store', '/a', '--recovery-store', 'b'],
  ];

  it('passes paths made absolute from where npm was called, and leaves out what was not given', async () => {
    const played = stage({ env: { INIT_CWD: '/where/user/stands' } });
    expect(await played.run(...least, '--pair', 'x.img::/mnt/b/../x.img', '--pair', '/dev/a::y')).toBe(0);
    expect(played.application.lastInput('groups.create')).toStrictEqual({
      name: 'erp-db',
      primarySite: 'Hall A',
      recoverySite: 'Hall B',
      pairs: [
        { source: '/where/user/stands/x.img', target: '/mnt/x.img' },
        { source: '/dev/a', target: '/where/user/stands/y' },
      ],
      primaryStore: '/a',
      recoveryStore: '/where/user/stands/b',
      policy: {},
    });
  });

  it('passes the whole policy in bytes and seconds', async () => {
    const played = stage();
    const policy = ['--rpo', '30m', '--keep-points', '7', '--chunk-size', '1M', '--limit', '200M/s'];
    const hooks = ['--stopped-check', 'a --json', '--before-cycle', 'b', '--after-cycle', ''];
    expect(await played.run(...least, '--pair', 'x::y', ...policy, ...hooks)).toBe(0);
    expect(played.application.lastInput('groups.create')).toMatchObject({
      pairs: [{ source: '/where/process/stands/x', target: '/where/process/stands/y' }],
      policy: {
        rpoSeconds: 1800,
        keepPoints: 7,
        chunkSizeBytes: 1_048_576,
        limitBytesPerSecond: 209_715_200,
        stoppedCheck: 'a --json',
        beforeCycle: 'b',
        afterCycle: null,
      },
    });
  });

  it.each(['x', 'x::', '::y', 'a::b::c', 'a:b'])('refuses the pair %j', async (pair) => {
    const played = stage();
    expect(await played.run(...least, '--pair', pair)).toBe(2);
    expect(played.stderr.text).toContain('--pair');
    expect(played.application.received).toEqual([]);
  });
});

describe('group set, remove and adopt', () => {
  it('passes only what was given', async () => {
    const played = stage();
    expect(await played.run('group', 'set', 'g', '--limit', 'none', '--path', 'p1:recovery=new=1.img')).toBe(0);
    expect(played.application.lastInput('groups.set')).toStrictEqual({
      name: 'g',
      policy: { limitBytesPerSecond: null },
      paths: [{ pairId: 'p1', site: 'recovery', path: '/where/process/stands/new=1.img' }],
    });
    expect(await played.run('group', 'set', 'g', '--confirm-hooks', '--primary-store', 's')).toBe(0);
    expect(played.application.lastInput('groups.set')).toStrictEqual({
      name: 'g',
      policy: {},
      paths: [],
      primaryStore: '/where/process/stands/s',
      confirmHooks: true,
    });
  });

  it('refuses a set of nothing, and a path that names no site', async () => {
    const played = stage();
    expect(await played.run('group', 'set', 'g')).toBe(2);
    expect(await played.run('group', 'set', 'g', '--path', 'p1:third=x')).toBe(2);
    expect(played.application.received).toEqual([]);
  });

  it('passes confirmation and purge of remove, and take-over of adopt', async () => {
    const played = stage();
    expect(await played.run('group', 'remove', 'g', '--confirm', 'g', '--purge')).toBe(0);
    expect(played.application.lastInput('groups.remove')).toStrictEqual({ name: 'g', confirm: 'g', purge: true });
    const words = ['--group', 'g', '--other-store', '../o', '--path', 'p1:primary=/x', '--take-over', '--confirm', 'g'];
    expect(await played.run('group', 'adopt', 'store', ...words)).toBe(0);
    expect(played.application.lastInput('groups.adopt')).toStrictEqual({
      store: '/where/process/stands/store',
      group: 'g',
      otherStore: '/where/process/o',
      paths: [{ pairId: 'p1', site: 'primary', path: '/x' }],
      takeOver: true,
      confirm: 'g',
    });
    expect(played.stdout.text).toContain('Hall A was not reached.');
  });
});

describe('operations', () => {
  const here = '/where/process/stands';
  it.each<[string, OperationRequest]>([
    ['protect g', { operation: 'protect', group: 'g' }],
    [
      'protect g --overwrite --discard --confirm g',
      { operation: 'protect', group: 'g', overwrite: true, discard: true, confirm: 'g' },
    ],
    [
      'sync g --accept point-age --accept clock-skew',
      { operation: 'sync', group: 'g', accept: ['point-age', 'clock-skew'] },
    ],
    ['resume g', { operation: 'resume', group: 'g' }],
    ['rollback g', { operation: 'rollback', group: 'g' }],
    ['verify g --repair', { operation: 'verify', group: 'g', repair: true }],
    ['points g --drop 1.3 --confirm g', { operation: 'drop-point', group: 'g', point: '1.3', confirm: 'g' }],
    ['failover g --point 1.3 --confirm g', { operation: 'failover', group: 'g', point: '1.3', confirm: 'g' }],
    ['failover g --planned --confirm g', { operation: 'planned-failover', group: 'g', confirm: 'g' }],
    ['failback g --confirm g', { operation: 'failback', group: 'g', confirm: 'g' }],
    ['change-point g --point 1.3 --confirm g', { operation: 'change-point', group: 'g', point: '1.3', confirm: 'g' }],
    ['undo g', { operation: 'undo', group: 'g' }],
    ['test-failover g --dir t', { operation: 'test-failover', group: 'g', directory: `${here}/t` }],
    ['test-failover g --dir /t --point 1.3', { operation: 'test-failover', group: 'g', directory: '/t', point: '1.3' }],
    ['test-cleanup g', { operation: 'test-cleanup', group: 'g' }],
    ['commit g --confirm g', { operation: 'commit', group: 'g', confirm: 'g' }],
    [
      'reprotect g --replace p1=/n --replace p2=m --overwrite --exact --confirm g',
      {
        operation: 'reprotect',
        group: 'g',
        overwrite: true,
        exact: true,
        confirm: 'g',
        replace: [
          { pairId: 'p1', path: '/n' },
          { pairId: 'p2', path: `${here}/m` },
        ],
      },
    ],
  ])('%s', async (line, request) => {
    const played = stage();
    expect(await played.run(...line.split(' '))).toBe(0);
    expect(played.application.lastInput('operations.start')).toStrictEqual(request);
    expect(played.application.lastInput('operations.result')).toEqual({ runId: 'r1' });
  });

  it('passes all that a check may depend on', async () => {
    const played = stage();
    const words = '--for reprotect --point 1.2 --replace p1=/n --overwrite --discard --exact --accept undo-space';
    expect(await played.run('check', 'g', ...words.split(' '))).toBe(0);
    expect(played.application.lastInput('checks.run')).toStrictEqual({
      operation: 'reprotect',
      group: 'g',
      point: '1.2',
      replace: [{ pairId: 'p1', path: '/n' }],
      overwrite: true,
      discard: true,
      exact: true,
      accept: ['undo-space'],
    });
  });

  it.each([
    'sync g --accept no-such-check',
    'check g --for nothing',
    'protect g --discard',
    'failover g --planned --point 1.2 --confirm g',
    'change-point g --confirm g',
    'reprotect g --replace p1',
    'sync g --point 1.2',
    'sync',
    'sync g h',
    'points g --confirm g',
    'check g',
  ])('refuses "%s" before anything is called', async (line) => {
    const played = stage();
    expect(await played.run(...line.split(' '))).toBe(2);
    expect(played.application.received).toEqual([]);
    expect(played.stderr.text).toMatch(/^✖ .+\n( {2}Where: .+\n)? {2}To do: .+\n$/);
  });
});

describe('lists', () => {
  it('asks for the runs of all groups, of one, and for one run', async () => {
    const played = stage();
    expect(await played.run('runs')).toBe(0);
    expect(played.application.lastInput('runs.list')).toStrictEqual({ limit: 20 });
    expect(await played.run('runs', 'erp-db', '--last', '3')).toBe(0);
    expect(played.application.lastInput('runs.list')).toStrictEqual({ limit: 3, group: 'erp-db' });
    expect(await played.run('runs', 'show', 'r1')).toBe(0);
    expect(played.application.lastInput('runs.show')).toStrictEqual({ id: 'r1' });
  });

  it('asks for volumes, audit entries and the verdict on them', async () => {
    const played = stage();
    expect(await played.run('volumes')).toBe(0);
    expect(await played.run('audit')).toBe(0);
    expect(played.application.lastInput('audit.list')).toStrictEqual({ limit: 50 });
    expect(await played.run('audit', '--verify')).toBe(0);
    expect(played.application.received.map((call) => call.name)).toEqual([
      'volumes.list',
      'volumes.unprotected',
      'audit.list',
      'audit.verify',
    ]);
  });
});

describe('the home', () => {
  it.each<[string, Record<string, string>, string[], string]>([
    ['--home wins', { SITEPAIR_HOME: '/e' }, ['--home', 'h'], '/where/process/stands/h'],
    ['then SITEPAIR_HOME', { SITEPAIR_HOME: 'e', XDG_DATA_HOME: '/x' }, [], '/where/process/stands/e'],
    ['then XDG_DATA_HOME', { SITEPAIR_HOME: '', XDG_DATA_HOME: '/x' }, [], '/x/sitepair'],
    ['a relative XDG_DATA_HOME is none', { XDG_DATA_HOME: 'x' }, [], '/home/ada/.local/share/sitepair'],
    ['then the home folder', {}, [], '/home/ada/.local/share/sitepair'],
  ])('%s', async (_what, env, words, home) => {
    const played = stage({ env });
    expect(await played.run('volumes', ...words)).toBe(0);
    expect(played.homes).toEqual([home]);
    expect(played.application.closed).toBe(1);
  });

  it('is opened neither for help nor for wrong usage', async () => {
    const played = stage();
    expect(await played.run('--help')).toBe(0);
    expect(await played.run('group', 'create', '--help')).toBe(0);
    expect(await played.run('nonsense')).toBe(2);
    expect(played.homes).toEqual([]);
  });
});
