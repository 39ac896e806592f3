/** A group whose first source is a disk that fails in places, for tests of what is saved of it all the same. */
import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { expect, type TestContext } from 'vitest';
import type { ErrorReport } from '../../src-main/contract/errors.ts';
import type { GroupView, Point } from '../../src-main/contract/groups.ts';
import { skipUnless } from '../needs.ts';
import { run } from '../volumes/scratch.ts';
import { FailingVolume, needsOfFailing, type BadRange } from './failing-volume.ts';
import { fingerprint } from './fingerprint.ts';
import { TwoSites, write } from './two-sites.ts';

export const sector = 512;
/** Bytes of a chunk, and of the volumes. */
export const chunk = 16 << 10;
export const size = 300_032;
/** The first sector, one across a border of chunks with its neighbours, and the last. */
export const bad: readonly BadRange[] = [
  { offset: 0, length: sector },
  { offset: 3 * chunk - sector, length: 3 * sector },
  { offset: size - sector, length: sector },
];
export const badBytes = 5 * sector;

export class DyingSource {
  readonly sites: TwoSites;
  readonly volume: FailingVolume;
  readonly #file: string;

  private constructor(sites: TwoSites, volume: FailingVolume, file: string) {
    this.sites = sites;
    this.volume = volume;
    this.#file = file;
  }

  /** Two pairs, of which the source of the first can be spoilt. */
  static async of(context: TestContext): Promise<DyingSource> {
    skipUnless(context, needsOfFailing);
    const sites = new TwoSites(context);
    const file = sites.path('a/served.img');
    writeFileSync(file, randomBytes(size));
    const volume = await FailingVolume.of(sites.scratch, file);
    const [first, ...others] = sites.pairs;
    sites.pairs = [{ source: volume.path, target: first?.target ?? '' }, ...others];
    return new DyingSource(sites, volume, file);
  }

  /** What production writes. */
  write(offset: number, length: number): void {
    write(this.#file, offset, length);
  }

  get content(): Buffer {
    return readFileSync(this.#file);
  }

  /** What the source holds, with `old` where it is bad: what the replica has to hold then, by nobody's engine. */
  around(old: Buffer, ranges: readonly BadRange[] = bad): Buffer {
    const expected = this.content;
    for (const { offset, length } of ranges) old.copy(expected, offset, offset, offset + length);
    return expected;
  }

  /** Holds the replica of the first pair against content with cmp, and that of the other against its source. */
  expectReplica(content: Buffer): void {
    const { sites } = this;
    const model = sites.path('model');
    writeFileSync(model, content);
    expect(() => run('cmp', model, sites.target(0))).not.toThrow();
    expect(() => run('cmp', sites.source(1), sites.target(1))).not.toThrow();
  }

  /** Carries out a command that must be refused and change nothing; gives the error. */
  async refused(exitCode: number, says: RegExp, words: readonly string[]): Promise<ErrorReport> {
    const { sitepair, primaryStore, recoveryStore, pairs } = this.sites;
    const all = [primaryStore, recoveryStore, ...pairs.map(({ target }) => target)];
    const before = fingerprint(all);
    const { exitCode: ended, report, printed } = await sitepair.run(...words);
    expect(ended, printed).toBe(exitCode);
    const told = report.error ?? report.run?.error;
    if (told === undefined) throw new Error(`no error was told: ${printed}`);
    expect(told.message).toMatch(says);
    expect(fingerprint(all)).toEqual(before);
    return told;
  }

  async skip(operation: 'sync' | 'resume' | 'protect'): Promise<string> {
    const { run: done, warnings = [] } = await this.sites.sitepair.must(
      operation,
      'erp',
      '--skip-unreadable',
      '--confirm',
      'erp',
    );
    expect(done?.outcome).toBe('succeeded');
    return warnings.join(' ');
  }
}

export function newest({ points }: GroupView): Point {
  const point = points.at(-1);
  if (point === undefined) throw new Error('there is no point');
  return point;
}
