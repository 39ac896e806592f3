import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createApplication } from '../../../src-main/app.ts';
import { SitepairError } from '../../../src-main/contract/errors.ts';
import type { DrillPlace } from '../../../src-main/drill/place.ts';
import { skipUnless } from '../../needs.ts';
import { CliStage } from './cli-stage.ts';
import { DrillTheatre } from './drill-theatre.ts';

const MiB = 2 ** 20;
const titles = [
  'Sites and volumes',
  'Seed',
  'Changed data',
  'Cycle',
  'Hall A is lost',
  'Unplanned failover',
  'Production goes on',
  'Hall A comes back',
  'Commit',
  'Reprotect',
  'Failback',
  'Commit failback',
  'Reprotect again',
];

let parent = '';
beforeEach(() => {
  parent = fs.mkdtempSync(path.join(tmpdir(), 'sitepair-drill-test-'));
});
afterEach(() => {
  fs.rmSync(parent, { recursive: true });
});

function flipByte(file: string, at: number): void {
  const fd = fs.openSync(file, 'r+');
  const byte = Buffer.alloc(1);
  fs.readSync(fd, byte, 0, 1, at);
  fs.writeSync(fd, Buffer.of((byte[0] ?? 0) ^ 1), 0, 1, at);
  fs.closeSync(fd);
}

describe('a drill', () => {
  it('goes through the whole disaster, with every step proved, and leaves nothing behind', async (context) => {
    skipUnless(context, { commands: ['mkfs.ext4'] });
    const theatre = new DrillTheatre(parent);
    expect(await theatre.play({})).toBe(0);
    expect(theatre.stderr.text).toBe('');
    expect(fs.readdirSync(parent)).toEqual([]);

    const { drill, error } = theatre.printed();
    expect(error).toBeUndefined();
    expect(drill.verdict).toBe('succeeded');
    expect(drill.audit).toEqual({ intact: true });
    expect(drill.steps.map((step) => step.title)).toEqual(titles);
    const step = (title: string): (typeof drill.steps)[number] => {
      const found = drill.steps.find((one) => one.title === title);
      if (found === undefined) throw new Error(`no step ${title}`);
      return found;
    };
    for (const { title, proof } of drill.steps.slice(1)) {
      expect(proof?.holds, title).toBe(true);
      const equal = proof?.volumes.map(({ sides }) => sides[0]?.sha256 === sides[1]?.sha256);
      expect(equal?.length, title).toBe(title === 'Hall A comes back' ? 6 : 3);
      expect(new Set(equal), title).toEqual(new Set([proof?.expected !== 'different']));
    }
    expect(step('Unplanned failover').proof?.checked).toEqual([{ volume: 'files.img', holds: true }]);
    expect(step('Failback').proof?.checked).toEqual([{ volume: 'files.img', holds: true }]);

    expect(step('Unplanned failover').group).toMatchObject({ phase: 'failed-over', activeSite: 'recovery' });
    expect(step('Hall A comes back').group).toMatchObject({ phase: 'failed-over', activeSite: 'recovery' });
    expect(step('Reprotect').group).toMatchObject({ phase: 'protected', activeSite: 'recovery' });
    expect(step('Reprotect again').group).toMatchObject({ phase: 'protected', activeSite: 'primary' });
    const seeded = step('Seed').figures?.bytesWritten ?? 0;
    expect(seeded).toBeGreaterThan(8 * MiB);
    for (const title of ['Cycle', 'Reprotect', 'Failback', 'Reprotect again']) {
      expect(step(title).figures?.bytesWritten, title).toBeGreaterThan(0);
      expect(step(title).figures?.bytesWritten, title).toBeLessThan(seeded / 4);
    }
  });

  it('keeps the sites where that is wanted, as the digests say, and fits a terminal of 80 cells', async () => {
    const theatre = new DrillTheatre(parent, 80);
    expect(await theatre.play({ json: false, keep: true })).toBe(0);
    expect(theatre.stderr.screen()).toEqual([]);
    expect(theatre.stderr.text).toMatch(/(protect|sync|reprotect) of drill: .*100\.0 %/s);
    const lines = theatre.stdout.screen();
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
    for (const title of titles) {
      const heading = new RegExp(`^ *\\d+ {2}${title} {2}`);
      const row = new RegExp(`^${title} {2}`);
      expect(lines.filter((line) => heading.test(line)).length, title).toBe(1);
      expect(lines.filter((line) => row.test(line)).length, `${title} in the summary`).toBe(1);
    }
    const text = lines.join('\n');
    expect(text).toContain('Hall A → Hall B');
    expect(text).toContain('✔ The drill succeeded: 13 steps');
    expect(text).toMatch(/Time +\S+ m?s in the steps, \S+ m?s in proofs and clean-up/);
    expect(text.replace(/\s+/g, ' ')).toContain(`sitepair group show drill --home ${theatre.directory}/home`);

    const site = (folder: string): string => path.join(theatre.directory, folder);
    for (const volume of ['orders.raw', 'archive.img', 'files.img']) {
      const sums = ['hall-a', 'hall-b'].map((folder) =>
        execFileSync('sha256sum', [path.join(site(folder), volume)], { encoding: 'utf8' }).slice(0, 64),
      );
      expect(sums[0], volume).toBe(sums[1]);
    }
    expect(fs.statSync(path.join(site('hall-b'), 'archive.img')).blocks * 512).toBeLessThan(6 * MiB);
    const application = await createApplication({ home: site('home'), operator: 'tester', clientName: 'test' });
    const { group } = await application.invoke('groups.show', { name: 'drill' });
    await application.close();
    expect(group).toMatchObject({ phase: 'protected', activeSite: 'primary', epoch: 3 });
  });
});

describe('a proof', () => {
  const replaced = (place: DrillPlace): void => {
    fs.copyFileSync(place.volume('B', 'orders.raw'), place.volume('A', 'orders.raw'));
  };
  const flipped =
    (site: 'A' | 'B', volume: string) =>
    (place: DrillPlace): void => {
      flipByte(place.volume(site, volume), 5 * MiB + 7);
    };
  it.each<[string, string, string, (place: DrillPlace) => void]>([
    ['equality after a seed', 'Seed', 'orders.raw', flipped('B', 'orders.raw')],
    ['a difference', 'Changed data', 'orders.raw', replaced],
    ['the promoted point', 'Unplanned failover', 'archive.img', flipped('B', 'archive.img')],
    ['the refused side', 'Hall A comes back', 'files.img', flipped('A', 'files.img')],
  ])('of %s fails when a volume is tampered with, and names step and volume', async (_what, title, volume, tamper) => {
    const theatre = new DrillTheatre(parent);
    const exitCode = await theatre.play({
      beforeProof: (played, place) => {
        if (played === title) tamper(place);
      },
    });
    expect(exitCode).toBe(1);
    const { drill, error } = theatre.printed();
    expect(drill.verdict).toBe('failed');
    expect(error).toMatchObject({ code: 'verify-mismatch', where: expect.stringContaining(volume) as string });
    expect(error?.message).toContain(`Step ${titles.indexOf(title) + 1}, ${title}: `);
    expect(drill.steps.at(-1)).toMatchObject({ title, outcome: 'failed', proof: { holds: false } });
    const broken = drill.steps.at(-1)?.proof?.volumes.filter((one) => !one.holds);
    expect(broken?.map((one) => one.volume)).toEqual([volume]);
    expect(fs.readdirSync(parent)).toEqual([]);
  });

  it('that fails is told to a person with the step and what to do', async () => {
    const theatre = new DrillTheatre(parent, 100);
    const exitCode = await theatre.play({
      json: false,
      beforeProof: (title, place) => {
        if (title === 'Cycle') flipByte(place.volume('B', 'archive.img'), 0);
      },
    });
    expect(exitCode).toBe(1);
    expect(theatre.stdout.screen().join('\n')).toContain('✖ The drill failed in step 4, Cycle,');
    const said = theatre.stderr.screen().join('\n');
    expect(said).toContain('✖ Step 4, Cycle: The proof failed');
    expect(said).toContain('archive.img');
    expect(said).toContain('--keep');
  });
});

describe('Ctrl-C in a drill', () => {
  it('within a run cancels it, removes everything and exits 1, as it cannot be resumed', async () => {
    const theatre = new DrillTheatre(parent, 100);
    const write = theatre.stderr.write.bind(theatre.stderr);
    let signalled = 0;
    theatre.stderr.write = (text) => {
      write(text);
      if (signalled > 0 || !text.includes('protect of drill')) return;
      signalled += 1;
      theatre.signal();
    };
    expect(await theatre.play({ json: false, size: 64 * MiB })).toBe(1);
    expect(signalled).toBe(1);
    expect(theatre.stdout.screen().join('\n')).toContain('▲ The drill was stopped in step 2, Seed,');
    expect(fs.readdirSync(parent)).toEqual([]);
    expect(theatre.listeners.size).toBe(0);
    expect(theatre.endedAtOnce).toEqual([]);
  });

  it('while volumes are digested ends it as well, and a second one ends the process at once', async () => {
    const theatre = new DrillTheatre(parent);
    const exitCode = await theatre.play({
      beforeProof: (title) => {
        if (title !== 'Seed') return;
        theatre.signal();
        theatre.signal();
      },
    });
    expect(exitCode).toBe(1);
    expect(theatre.endedAtOnce).toEqual([1]);
    expect(theatre.stderr.text).toContain(`what the drill made is left in ${theatre.directory}`);
    expect(theatre.printed()).toMatchObject({ drill: { verdict: 'cancelled' }, error: { code: 'cancelled' } });
  });
});

describe('a drill that cannot begin', () => {
  it('leaves a folder alone that holds something', async () => {
    fs.writeFileSync(path.join(parent, 'mine'), 'mine');
    const stage = new CliStage();
    expect(await stage.run('drill', '--dir', parent)).toBe(2);
    expect(stage.stderr.text).toContain(`${parent} is not empty`);
    expect(fs.readdirSync(parent)).toEqual(['mine']);
    expect(stage.homes).toEqual([]);
  });

  it.each([
    ['whose parent is not there', ['--dir', '/no/such/folder'], 2, '/no/such/folder'],
    ['whose volumes would be too small', ['--size', '1M'], 2, '--size'],
    ['whose volumes find no space', ['--size', '100T'], 1, 'free'],
  ])('says so: one %s', async (_what, words, exitCode, said) => {
    const stage = new CliStage();
    expect(await stage.run('drill', ...words)).toBe(exitCode);
    expect(stage.stderr.text).toContain(said);
    expect(stage.homes).toEqual([]);
  });

  it('removes its folder where the application cannot be opened', async () => {
    const theatre = new DrillTheatre(parent);
    const closed = new SitepairError({ code: 'catalog-unusable', message: 'No.', remedy: 'None.' });
    theatre.application = () => Promise.reject(closed);
    await expect(theatre.play({})).rejects.toBe(closed);
    expect(fs.readdirSync(parent)).toEqual([]);
  });
});
