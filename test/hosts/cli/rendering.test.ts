import { stripVTControlCharacters } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { GroupView } from '../../../src-main/contract/groups.ts';
import { CliStage, type StageOptions } from './cli-stage.ts';
import {
  sampleCheck,
  sampleCheckReport,
  sampleForecast,
  sampleGroup,
  samplePoint,
  sampleProgress,
  sampleResult,
  sampleRun,
} from './sample-reports.ts';

beforeEach(() => {
  vi.stubEnv('TZ', 'Europe/Paris');
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2031-05-04T12:05:40.000Z') });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

async function shown(group: GroupView, options?: StageOptions): Promise<string> {
  const stage = new CliStage(options);
  stage.application.answer('groups.show', () => ({ group })).answer('runs.list', () => ({ runs: [] }));
  await stage.run('group', 'show', 'erp-db');
  return stage.stdout.text;
}

it('shows of what runs in a group how far it is, and that it waits', async () => {
  const stage = new CliStage({ columns: 100 });
  stage.application
    .answer('groups.show', () => ({ group: sampleGroup() }))
    .answer('runs.list', () => ({ runs: [sampleRun({ outcome: null })] }))
    .answer('runs.progress', () => ({ progress: sampleProgress({ state: 'paused' }) }));
  expect(await stage.run('group', 'show', 'erp-db')).toBe(0);
  const page = stage.stdout.screen();
  const under = page.findIndex((line) => line.startsWith('Under way'));
  expect(page.slice(under + 1, under + 4).map((line) => line.trim())).toEqual([
    expect.stringMatching(/^sync of erp-db by ada: Copying what differs$/),
    expect.stringMatching(/^█+░+ +47\.6 % +812 MiB\/s +8 s elapsed +20 s to 35 s left$/),
    '‖ Paused.',
  ]);
});

it('says of a run that was stopped by hand what the window says', async () => {
  const stage = new CliStage();
  stage.application.answer('runs.list', () => ({ runs: [sampleRun({ outcome: 'cancelled' })] }));
  expect(await stage.run('runs')).toBe(0);
  expect(stage.stdout.text).toMatch(/ stopped /);
});

it('says what a run came to without its pauses, and warns of no forecast that was more', async () => {
  const stage = new CliStage();
  const forecast = sampleForecast();
  const steps = [
    { title: 'Comparing and copying', startedAt: forecast.at, seconds: 1900, idleSeconds: 901, detail: '' },
  ];
  const run = sampleRun({ forecast, bytesWritten: 2 ** 30, undoBytes: 27 * 2 ** 30, seconds: 1901, steps });
  stage.application.answer('runs.show', () => ({ run }));
  expect(await stage.run('runs', 'show', run.id)).toBe(0);
  const page = stage.stdout.text.replaceAll(/\s+/g, ' ');
  expect(page).toContain('Copied: 21.0 to 26.0 GiB, was 1.0 GiB ✔ less than forecast');
  expect(page).toContain('Undo space: 21.0 to 26.2 GiB, was 27.0 GiB ▲ did not hold');
  expect(page).toContain('was 16 min 40 s, without 15 min 1 s waiting for a person, paused or asleep ✔ faster than');
});

describe('group show', () => {
  it('says what promoted volumes hold only as far as it was seen, and nothing for sure of the old side', async () => {
    const left = samplePoint({ id: '2.0', kind: 'as-left', site: 'A', current: true });
    const stores = sampleGroup().stores.map((store) => ({ ...store, state: 'read' as const }));
    const promoted = (point: GroupView['points'][number]): GroupView =>
      sampleGroup({ phase: 'failed-over', activeSite: 'recovery', points: [point, left], stores });
    const untouched = await shown(promoted(samplePoint({ id: '1.2', current: true })));
    expect(untouched).toContain('Hall B holds point 1.2 until production writes there; at 2026-05-04');
    expect(untouched.match(/▶/g)).toHaveLength(1);
    const written = await shown(promoted(samplePoint({ id: '1.2', state: 'ended' })));
    expect(written).toContain('Production at Hall B has been written since the failover: what it holds is no point');
    expect(written).not.toContain('▶');
  });

  it('says all that there is to say', async () => {
    const page = await shown(sampleGroup());
    for (const said of [
      'erp-db  Hall A → Hall B  production at Hall A, replicating',
      'protected (group available, epoch 1)',
      '▲ warning - The newest point is older than its target.',
      '16 min 40 s, ▲ late; target 15 min',
      'keeps 24 points, chunk 256 KiB, no limit',
      'before cycle: /etc/sitepair/quiesce',
      '? unread',
      'Mount /replica to read the store of Hall B.',
      'sync, failover',
      'resume  Nothing was interrupted.',
    ]) {
      expect(page).toContain(said);
    }
    expect(page).toMatch(/p1 +\/dev\/vg0\/pgdata +\/replica\/pgdata\.raw +10 GiB +✔ mirrored +idle/);
    expect(page).toMatch(/p2 .+ ▲ broken +transferring/);
  });

  it('lists points newest first, with age, state, current one and lacking pairs', async () => {
    const lines = (await shown(sampleGroup())).split('\n');
    const first = lines.findIndex((line) => line.startsWith('▶'));
    expect(lines[first]).toMatch(
      /^▶ +1\.2 +14:02:31 \+02:00 +3 min ago +cycle +crash-consistent +✔ usable +300 MiB +Hall B$/,
    );
    expect(lines[first + 1]).toMatch(/^ +1\.1 .+before-protect .+▲ incomplete .+ p2$/);
  });

  it.each<[Partial<GroupView>, string]>([
    [{ activeSite: 'recovery' }, 'Hall B → Hall A'],
    [{ activeSite: 'recovery', phase: 'committed' }, 'Hall B ↛ Hall A'],
    [{ activeSite: null, phase: 'failing-over' }, 'Hall A ⇒ Hall B  production at neither site'],
    [
      { activeSite: null, replicaSite: 'primary', phase: 'failing-over' },
      'Hall B ⇒ Hall A  production at neither site',
    ],
  ])('draws the direction of %j', async (changes, arrow) => {
    expect(await shown(sampleGroup(changes))).toContain(arrow);
  });

  it('says moments in sentences by the clock on the wall', async () => {
    const hints = ['Point 1.2 of 2031-05-04T12:02:31.000Z is the newest; the one of 2031-02-28T22:59:59Z is older.'];
    expect(await shown(sampleGroup({ hints }))).toContain(
      'Point 1.2 of 14:02:31 +02:00 is the newest; the one of 2031-02-28 23:59:59 +01:00 is older.',
    );
  });

  it('has no section with nothing in it', async () => {
    const page = await shown(sampleGroup({ points: [], hints: [], actions: [] }));
    expect(page).not.toMatch(/Recovery points|To know|done now|Cut off/);
  });

  it('says what was cut off, and what each way on comes to', async () => {
    const resume = ['Finishes the cycle.', 'Production stays at Hall A.'];
    const cutOff = { was: 'A cycle was cut off.', resume, rollback: ['Takes it back.'], changesSides: false };
    const page = await shown(sampleGroup({ cutOff }));
    expect(page).toContain(
      'Cut off\n  A cycle was cut off.\n  resume    Finishes the cycle. Production stays at Hall A.\n  rollback  Takes it back.\n',
    );
    const again = await shown(sampleGroup({ cutOff, byClock: { does: 'try-again', at: '2020-01-01T00:00:00.000Z' } }));
    expect(again.replace(/\s+/g, ' ')).toContain(
      'By the clock it is tried again at once, unless that is turned off with: sitepair group set erp-db --schedule off',
    );
  });
});

describe('on a terminal', () => {
  const path = `/replica/${'folder-with-a-name/'.repeat(6)}image.raw`;
  const group = sampleGroup({
    points: [samplePoint({ id: '12345.678901' })],
    pairs: sampleGroup().pairs.map((pair) => ({ ...pair, recoveryPath: path })),
  });

  it('wraps paths at its width, and cuts neither them nor ids', async () => {
    const lines = stripVTControlCharacters(await shown(group, { columns: 90 })).split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(90);
    expect(lines.join('\n')).toContain('12345.678901');
    const start = lines.findIndex((line) => line.includes('RECOVERY, Hall B'));
    const column = lines[start]?.indexOf('RECOVERY, Hall B') ?? -1;
    const cells = lines.slice(start + 1).map((line) => /^\S*/.exec(line.slice(column))?.[0] ?? '');
    expect(cells.join('')).toContain(path);
  });

  it('wraps nothing in a pipe', async () => {
    expect(await shown(group)).toContain(path);
  });

  it('has colours, but not in a pipe, with NO_COLOR or on a dumb terminal', async () => {
    const coloured = await shown(group, { columns: 200 });
    expect(coloured).toContain('\x1b[');
    const plain = stripVTControlCharacters(coloured);
    expect(plain).not.toContain('\x1b');
    expect(await shown(group, { columns: 200, env: { NO_COLOR: '1' } })).toBe(plain);
    expect(await shown(group, { columns: 200, env: { TERM: 'dumb' } })).toBe(plain);
    expect(await shown(group)).toBe(plain);
  });

  it('leaves out what is told elsewhere before it breaks a line of runs', async () => {
    const stage = new CliStage({ columns: 80 });
    stage.application.answer('runs.list', () => ({ runs: [sampleRun()] }));
    expect(await stage.run('runs')).toBe(0);
    const lines = stripVTControlCharacters(stage.stdout.text).split('\n');
    expect(lines[0]).toMatch(/^RUN +STARTED +GROUP +OPERATION +OUTCOME +TOOK +POINT$/);
    expect(lines[1]).toContain('01JTESTRUN0000000000000001');
  });

  it('is not commanded by a name', async () => {
    const page = await shown(sampleGroup({ name: 'a\x1b[2Jb\x07\u202ec\nd' }), { columns: 200 });
    expect(stripVTControlCharacters(page)).toContain('a\\u001b[2Jb\\u0007\\u202ec\\u000ad');
    expect(page).not.toContain('\x1b[2J');
  });
});

describe('the result of an operation', () => {
  async function said(result: Parameters<typeof sampleResult>[0]): Promise<CliStage> {
    const stage = new CliStage();
    stage.application
      .answer('operations.start', () => ({ runId: 'r1' }))
      .answer('operations.result', () => sampleResult(result));
    await stage.run('sync', 'erp-db');
    return stage;
  }

  it('has outcome, figures, point, warnings, and what to do now', async () => {
    const { stdout, stderr } = await said({ warnings: ['The point is fuzzy.'], next: ['Mount /replica.'] });
    expect(stdout.text).toMatch(/^✔ sync of erp-db succeeded in 3\.2 s\.\n/);
    for (const line of ['10 GiB, 512 MiB skipped', 'Differing  300 MiB', 'Written    299 MiB', 'Point      1.3']) {
      expect(stdout.text).toContain(line);
    }
    expect(stdout.text).toContain('▲ The point is fuzzy.');
    expect(stdout.text).toContain('What to do now\n  - Mount /replica.');
    expect(stderr.text).toBe('');
  });

  it('names each range that differs', async () => {
    const { stdout } = await said({ mismatches: [{ pairId: 'p1', offset: 1_048_576, length: 8192 }] });
    expect(stdout.text).toMatch(/^✖ .+1 range that differs/);
    expect(stdout.text).toMatch(/p1 +1048576 +8192 +8 KiB/);
  });

  it('that failed says where and what to do on stderr', async () => {
    const error = { code: 'read-failed' as const, message: 'It failed.', where: '/dev/x, 0 to 9', remedy: 'Mend it.' };
    const { stdout, stderr } = await said({ run: sampleRun({ outcome: 'failed', error }) });
    expect(stdout.text).toMatch(/^✖ sync of erp-db failed after 3\.2 s\.\n/);
    expect(stderr.text).toBe('✖ It failed.\n  Where: /dev/x, 0 to 9\n  To do: Mend it.\n');
  });

  it('that was blocked shows the checks with found, why and remedy, what blocks first', async () => {
    const warns = sampleCheck({ id: 'point-age', status: 'warn', title: 'Age of the point', blocks: false });
    const passed = sampleCheck({ id: 'clock-skew', status: 'pass', title: 'Clocks', blocks: false });
    const unknown = sampleCheck({ id: 'production-stopped', status: 'unknown', acceptable: true });
    const { stdout } = await said({ run: sampleRun({ outcome: 'blocked' }), checks: [passed, warns, unknown] });
    expect(stdout.text).toMatch(/is blocked; nothing was changed/);
    expect(stdout.text.indexOf('(production-stopped)')).toBeLessThan(stdout.text.indexOf('(point-age)'));
    expect(stdout.text).toContain('? unknown, blocks');
    expect(stdout.text).toContain('--accept production-stopped passes it.');
    expect(stdout.text).toMatch(/Found: 1 GiB free.+\n +Why: +Without.+\n +To do: Free 2 GiB/);
    expect(stdout.text).not.toContain('Clocks');
    expect(stdout.text).not.toContain('Differing');
  });
});

describe('check', () => {
  it('says what the operation would do, and what passed in one line each', async () => {
    const stage = new CliStage();
    const passed = sampleCheck({ id: 'clock-skew', status: 'pass', found: 'They agree within 1 s.', blocks: false });
    stage.application.answer('checks.run', () =>
      sampleCheckReport({ checks: [passed], consequences: ['3 MiB written since 13:00 are lost.'] }),
    );
    expect(await stage.run('check', 'erp-db', '--for', 'failover')).toBe(0);
    expect(stage.stdout.text).toMatch(/^✔ Ready: failover can start now/);
    expect(stage.stdout.text).toContain('- 3 MiB written since 13:00 are lost.');
    expect(stage.stdout.text).toMatch(/✔ clock-skew +They agree within 1 s\./);
  });
});

describe('compare', () => {
  it('says how to list what was saved, as a command that can be copied whole', async () => {
    const none = { chunks: 0, bytes: 0 };
    const total = { unchanged: none, onlyPrimary: none, onlyRecovery: none, both: none, same: none, unknown: none };
    const file = `/mnt/usb/${'a long folder/'.repeat(8)}hall a.salv`;
    const stage = new CliStage({ columns: 80 });
    stage.application.answer('operations.start', () => ({ runId: 'r1' }));
    stage.application.answer('operations.result', () =>
      sampleResult({
        run: sampleRun({ operation: 'compare' }),
        comparison: {
          basis: { point: '1.1', said: 'Point 1.1 is the last that both sites come from.' },
          pairs: [],
          total: { ...total, leftOut: none },
          choices: [],
          salvage: { file, site: 'primary', saved: none, fileBytes: 393, digest: 'ab' },
        },
      }),
    );
    await stage.run('compare', 'erp-db');
    expect(stage.stdout.text.split('\n')).toContain(`    sitepair salvage list '${file}'`);
  });
});
