/**
 * Two sites on local disk, each with a store and its volumes of one group, and the installation that looks after it.
 */
import { randomBytes } from 'node:crypto';
import { closeSync, mkdirSync, openSync, readSync, truncateSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type TestContext } from 'vitest';
import type { ErrorReport } from '../../src-main/contract/errors.ts';
import { run, Scratch } from '../volumes/scratch.ts';
import { fingerprint } from './fingerprint.ts';
import { Installation } from './installation.ts';

/** Writes random bytes into a volume, each another than it was. Offset and length are bytes. */
export function write(volume: string, offset: number, length: number): void {
  const fd = openSync(volume, 'r+');
  try {
    const there = contentAt(fd, offset, length);
    const fresh = randomBytes(length).map((byte, n) => (byte === there[n] ? byte ^ 0xff : byte));
    writeSync(fd, fresh, 0, length, offset);
  } finally {
    closeSync(fd);
  }
}

/** What a volume holds; zeros where it cannot be read, as of a bad sector. */
function contentAt(fd: number, offset: number, length: number): Buffer {
  const content = Buffer.alloc(length);
  try {
    readSync(fd, content, 0, length, offset);
  } catch {
    content.fill(0);
  }
  return content;
}

/** The words of the command that a remedy names, with its placeholders filled in. */
export function commandIn(remedy: string, fill: Record<string, string> = {}): string[] {
  const found = /sitepair (.+?)(?=[,;]|\)|\. |\.?$)/s.exec(`${remedy} `)?.[1] ?? '';
  expect(found, `a command in: ${remedy}`).not.toBe('');
  return found
    .trim()
    .split(' ')
    .map((word) => fill[word] ?? word);
}

export interface PairOfPaths {
  source: string;
  target: string;
}

export class TwoSites {
  readonly scratch: Scratch;
  readonly sitepair: Installation;
  readonly name = 'erp';
  readonly primaryStore: string;
  readonly recoveryStore: string;
  /** Left as they are, two: a file whose size is no multiple of the chunk, and a sparse one. */
  pairs: PairOfPaths[];

  constructor(context: TestContext) {
    this.scratch = new Scratch(context);
    for (const site of ['a', 'b']) mkdirSync(this.scratch.path(site));
    this.primaryStore = this.path('a/store');
    this.recoveryStore = this.path('b/store');
    this.sitepair = new Installation(this.path('home'));
    this.pairs = ['one.img', 'two.img'].map((file) => ({
      source: this.path(`a/${file}`),
      target: this.path(`b/${file}`),
    }));
    writeFileSync(this.path('a/one.img'), randomBytes(300_001));
    writeFileSync(this.path('a/two.img'), '');
    truncateSync(this.path('a/two.img'), 1 << 20);
    write(this.path('a/two.img'), 600_000, 50_000);
  }

  path(name: string): string {
    return join(this.scratch.dir, name);
  }

  source(n = 0): string {
    return this.pairs[n]?.source ?? '';
  }

  target(n = 0): string {
    return this.pairs[n]?.target ?? '';
  }

  /** The words of `group create` for this group. */
  creation(...options: string[]): string[] {
    const pairs = this.pairs.flatMap(({ source, target }) => ['--pair', `${source}::${target}`]);
    const stores = ['--primary-store', this.primaryStore, '--recovery-store', this.recoveryStore];
    return [
      'group',
      'create',
      this.name,
      '--primary-site',
      'Hall A',
      '--recovery-site',
      'Hall B',
      '--chunk-size',
      '16K',
      ...pairs,
      ...stores,
      ...options,
    ];
  }

  /** Makes the group and seeds it. */
  async protect(...options: string[]): Promise<void> {
    await this.sitepair.must(...this.creation(...options));
    await this.sitepair.must('protect', this.name);
    this.expectMirrored();
  }

  /** Holds the volumes of both sites against each other with cmp. */
  expectMirrored(): void {
    for (const { source, target } of this.pairs) expect(() => run('cmp', source, target)).not.toThrow();
  }

  /** The group's folder in a store. */
  folder(store: string): string {
    return join(store, this.name);
  }

  /** Volumes and stores, logs left out: what a refused command may not touch. */
  fingerprint(): Record<string, string> {
    return fingerprint([
      this.primaryStore,
      this.recoveryStore,
      ...this.pairs.flatMap(({ source, target }) => [source, target]),
    ]);
  }

  /**
   * Carries out a command that must be refused with this exit code, in words that match `says`, changing nothing. Gives
   * the error. `by`: another installation than this one's.
   */
  async refused(
    exitCode: number,
    says: RegExp,
    words: readonly string[],
    by: Installation = this.sitepair,
  ): Promise<ErrorReport> {
    const before = this.fingerprint();
    const { exitCode: ended, report, printed } = await by.run(...words);
    expect(ended, printed).toBe(exitCode);
    const { error } = report;
    const told = error ?? report.run?.error;
    if (told === undefined) throw new Error(`no error was told: ${printed}`);
    expect(`${told.message} (${told.where ?? ''})`).toMatch(says);
    expect(told.remedy).not.toBe('');
    expect(this.fingerprint()).toEqual(before);
    return told;
  }
}
