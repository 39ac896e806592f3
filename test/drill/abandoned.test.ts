/** What a drill that was killed leaves behind: the next one removes it, and nothing that is not surely a drill's. */
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { expect, test, type TestContext } from 'vitest';
import { DrillPlace } from '../../src-main/drill/place.ts';
import { skipUnless } from '../needs.ts';
import { RunningCommand } from '../support/installation.ts';
import { ownTemporaryFiles } from '../support/temporary-files.ts';
import { run, Scratch, until } from '../volumes/scratch.ts';

const root = join(import.meta.dirname, '../..');
const marker = 'drill-of-sitepair';

/** A folder for temporary files, and what a drill in it left that was killed in its middle. */
async function killedDrill(context: TestContext): Promise<{ temporary: string; folder: string }> {
  const temporary = ownTemporaryFiles(new Scratch(context));
  const drill = new RunningCommand(
    [join(root, 'scripts/node24'), join(root, 'src-main/hosts/cli/main.ts'), 'drill', '--json', '--size', '8M'],
    process.env,
  );
  const folder = (): string => join(temporary, readdirSync(temporary)[0] ?? 'none yet');
  await until(() => existsSync(join(folder(), 'hall-b', 'store')));
  await DrillPlace.removeAbandoned();
  expect(existsSync(join(folder(), 'hall-b', 'store')), 'it lives').toBe(true);
  drill.kill('SIGKILL');
  await drill.ended;
  expect(readdirSync(folder()).toSorted()).toEqual([marker, 'hall-a', 'hall-b', 'home']);
  return { temporary, folder: folder() };
}

test('what a killed drill left is removed by the next one', async (context) => {
  const { temporary } = await killedDrill(context);
  const next = new RunningCommand(
    [join(root, 'scripts/node24'), join(root, 'src-main/hosts/cli/main.ts'), 'drill', '--json', '--size', '8M'],
    process.env,
  );
  await next.ended;
  expect(readdirSync(temporary)).toEqual([]);
});

/** What speaks against a folder's being a drill's whose process is gone. */
const doubts: Record<string, (folder: string) => void> = {
  'somebody put something in': (folder) => writeFileSync(join(folder, 'mine'), ''),
  'others may write it': (folder) => chmodSync(folder, 0o770),
  'its marker is of another machine': (folder) => edited(folder, hostname(), 'elsewhere'),
  'its marker is of another space of processes': (folder) => edited(folder, /pid:\[\d+\]/, 'pid:[1]'),
  'its marker is cut off': (folder) => edited(folder, /process .*\n/, ''),
  'its process lives': (folder) =>
    edited(folder, /process \d+ \d+/, `process ${process.pid} ${startTicks(process.pid)}`),
};

function edited(folder: string, old: string | RegExp, fresh: string): void {
  const file = join(folder, marker);
  const before = readFileSync(file, 'utf8');
  const after = before.replace(old, fresh);
  expect(after).not.toBe(before);
  writeFileSync(file, after);
}

/** Field 22 of proc(5)'s stat. */
function startTicks(pid: number): string {
  return (
    readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')[19] ?? ''
  );
}

test('every doubt leaves a folder as it is', async (context) => {
  const { folder } = await killedDrill(context);
  const text = readFileSync(join(folder, marker), 'utf8');
  for (const [what, raise] of Object.entries(doubts)) {
    raise(folder);
    await DrillPlace.removeAbandoned();
    expect(readdirSync(folder), what).toEqual(expect.arrayContaining([marker, 'hall-a', 'hall-b', 'home']));
    chmodSync(folder, 0o700);
    writeFileSync(join(folder, marker), text);
    if (what === 'somebody put something in') rmSync(join(folder, 'mine'));
  }
  mkdirSync(join(folder, '..', 'sitepair-drill-of-mine'), { mode: 0o700 });
  await DrillPlace.removeAbandoned();
  expect(readdirSync(join(folder, '..'))).toEqual(['sitepair-drill-of-mine']);
});

test('a folder with something mounted below it is left as it is', async (context) => {
  skipUnless(context, { root: true });
  const { folder } = await killedDrill(context);
  const point = join(folder, 'hall-b');
  run('mount', '-t', 'tmpfs', '-o', 'size=64k', 'none', point);
  writeFileSync(join(point, 'mine'), '');
  await DrillPlace.removeAbandoned();
  const left = [...readdirSync(folder).toSorted(), ...readdirSync(point)];
  run('umount', point);
  expect(left).toEqual([marker, 'hall-a', 'hall-b', 'home', 'mine']);
  await DrillPlace.removeAbandoned();
  expect(existsSync(folder)).toBe(false);
});
