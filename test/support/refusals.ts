/**
 * Commands that must be refused: one clear error with a remedy, the documented exit code, no stack trace, one JSON
 * object with --json, and nothing left behind.
 */
import { mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type TestContext } from 'vitest';
import { z } from 'zod';
import { errorReportSchema } from '../../src-main/contract/error-report.ts';
import type { ErrorCode, ErrorReport } from '../../src-main/contract/errors.ts';
import { Scratch } from '../volumes/scratch.ts';
import { sitepair, sitepairHere, type Ended, type StartOptions } from './command-line.ts';
import { treeOf } from './tree.ts';

/** The error as DESIGN's JSON contract words it. */
const errorSchema = z.strictObject({
  error: z.strictObject({ code: z.string(), message: z.string(), where: z.string().optional(), remedy: z.string() }),
});

export interface Refusal {
  exitCode: number;
  code: ErrorCode;
  /** Matched against message and place. */
  says: RegExp;
  remedy?: RegExp;
}

/** A folder where the user stands, with volumes at two sites and a catalog beside. */
export class Desk {
  readonly scratch: Scratch;

  constructor(context: TestContext) {
    this.scratch = new Scratch(context);
    for (const site of ['a', 'b']) mkdirSync(this.path(site));
    for (const name of ['a/one.img', 'a/two.img']) writeFileSync(this.path(name), Buffer.alloc(100_000, name));
    writeFileSync(this.path('b/small.img'), '');
    truncateSync(this.path('b/small.img'), 99_999);
  }

  path(name: string): string {
    return join(this.scratch.dir, name);
  }

  /** Carries a command out that must end well. */
  async must(...words: string[]): Promise<void> {
    const { exitCode, stdout, stderr } = await sitepairHere(this.#at(words), this.scratch.dir);
    expect(exitCode, `${words.join(' ')}\n${stdout}${stderr}`).toBe(0);
  }

  /** Carries a command out, for a person and with --json, that must be refused in the same words. */
  async refuses(words: readonly string[], expected: Refusal): Promise<ErrorReport> {
    return this.#held(expected, async (json) => sitepairHere(this.#at([...words, ...json]), this.scratch.dir));
  }

  /** The same in a process of its own. */
  async refusesProcess(words: readonly string[], expected: Refusal, options: StartOptions = {}): Promise<ErrorReport> {
    return this.#held(expected, async (json) => {
      const ended = await sitepair(this.#at([...words, ...json]), { cwd: this.scratch.dir, ...options });
      expect(ended.signal).toBeNull();
      return ended;
    });
  }

  #at(words: readonly string[]): string[] {
    return [...words, '--home', this.path('home')];
  }

  async #held(
    expected: Refusal,
    run: (json: string[]) => Promise<Pick<Ended, 'exitCode' | 'stdout' | 'stderr'>>,
  ): Promise<ErrorReport> {
    const sites = (): Record<string, string> => treeOf(this.path('a'), this.path('b'));
    const before = sites();
    const plain = await run([]);
    const json = await run(['--json']);
    expect(sites()).toEqual(before);
    expect([plain.exitCode, json.exitCode], plain.stderr).toEqual([expected.exitCode, expected.exitCode]);

    expect(json.stderr).toBe('');
    const { error } = errorSchema.parse(JSON.parse(json.stdout));
    expect(error.code, error.message).toBe(expected.code);
    expect(`${error.message} (${error.where ?? ''})`).toMatch(expected.says);
    expect(error.message).toMatch(/^\S.*\.$/s);
    expect(error.remedy).toMatch(expected.remedy ?? /^[A-Z].{8,}/s);

    expect(plain.stdout).toBe('');
    expect(plain.stderr).toMatch(/^✖ .+\n( {2}Where: .+\n)? {2}To do: .+\n$/);
    for (const text of [plain.stderr, json.stdout]) {
      expect(text).not.toMatch(/\n\s+at .*[:(]\d+|\bE[A-Z]{4,}: |undefined|\[object|node:internal|inside Sitepair/);
    }
    return errorReportSchema.parse(error);
  }
}
