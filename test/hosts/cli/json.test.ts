import { describe, expect, it } from 'vitest';
import { SitepairError } from '../../../src-main/contract/errors.ts';
import { CliStage } from './cli-stage.ts';
import {
  sampleCheck,
  sampleCheckReport,
  sampleGroup,
  sampleProgress,
  sampleResult,
  sampleRun,
} from './sample-reports.ts';

/** On a terminal, where everything that could be drawn is drawn. */
function stage(): CliStage {
  const made = new CliStage({ columns: 100 });
  made.application
    .answer('groups.list', () => ({ groups: [sampleGroup()] }))
    .answer('groups.show', () => ({ group: sampleGroup() }))
    .answer('groups.remove', () => ({ message: 'Removed.' }))
    .answer('checks.run', () => sampleCheckReport({ verdict: 'blocked', checks: [sampleCheck()] }))
    .answer('operations.start', () => ({ runId: sampleRun().id }))
    .answer('operations.result', () => {
      made.application.push('run.progress', sampleProgress());
      return sampleResult({ mismatches: [{ pairId: 'p1', offset: 4096, length: 10 }], warnings: ['A warning.'] });
    })
    .answer('runs.list', () => ({ runs: [sampleRun()] }))
    .answer('runs.show', () => ({ run: sampleRun() }))
    .answer('volumes.list', () => ({ volumes: [] }))
    .answer('volumes.unprotected', () => ({ volumes: [], unseen: [] }))
    .answer('audit.verify', () => ({ intact: false, entries: 9, brokenAt: 4, detail: 'Hash differs.' }));
  return made;
}

describe('with --json', () => {
  it.each<[string, object, number]>([
    ['group list', { groups: [sampleGroup()] }, 0],
    ['group show g', { group: sampleGroup() }, 0],
    ['group remove g --confirm g', { message: 'Removed.' }, 0],
    ['points g', { points: sampleGroup().points }, 0],
    ['check g --for sync', sampleCheckReport({ verdict: 'blocked', checks: [sampleCheck()] }), 3],
    ['verify g', { run: sampleRun(), mismatches: [{ pairId: 'p1', offset: 4096, length: 10 }] }, 1],
    ['runs', { runs: [sampleRun()] }, 0],
    ['runs show r', { run: sampleRun() }, 0],
    ['volumes', { volumes: [], unprotected: [] }, 0],
    ['audit --verify', { intact: false, brokenAt: 4 }, 1],
  ])('%s prints the one object and nothing else, wherever the option stands', async (line, object, exitCode) => {
    for (const words of [
      ['--json', ...line.split(' ')],
      [...line.split(' '), '--json'],
    ]) {
      const played = stage();
      expect(await played.run(...words)).toBe(exitCode);
      expect(played.json()).toMatchObject(object);
      expect(played.stdout.text.trimEnd()).not.toContain('\n');
      expect(played.stderr.text).toBe('');
    }
  });

  it('an error of the application is an object with its place', async () => {
    const played = stage();
    const error = { code: 'read-failed' as const, message: 'It failed.', where: '/dev/x', remedy: 'Replace it.' };
    played.application.answer('operations.result', () => {
      throw new SitepairError(error);
    });
    expect(await played.run('sync', 'g', '--json')).toBe(1);
    expect(played.json()).toEqual({ error });
    expect(played.stderr.text).toBe('');
  });

  it.each(['nonsense', 'sync', 'sync g --no-such-option', 'group', '', 'runs --last many', 'drill --size x'])(
    'wrong usage "%s" is an object',
    async (line) => {
      const played = stage();
      expect(await played.run(...line.split(' ').filter((word) => word !== ''), '--json')).toBe(2);
      expect(played.json()).toMatchObject({ error: { code: 'invalid-input' } });
      expect(played.stderr.text).toBe('');
    },
  );

  it('help is an object', async () => {
    const played = stage();
    expect(await played.run('sync', '--help', '--json')).toBe(0);
    expect(played.json()).toEqual({ help: expect.stringContaining('Usage: sitepair sync') as string });
  });
});
