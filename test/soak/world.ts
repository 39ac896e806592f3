/** The group under soak: carries out commands, judges each, and keeps what happened. */
import type { GroupView } from '../../src-main/contract/groups.ts';
import type { SiteLetter } from '../../src-main/contract/phases.ts';
import { sitepair, type Answer, type Fault } from './command.ts';
import { judgeAlways, judgeSuccess, type Step } from './judge.ts';
import { Model, type Both } from './model.ts';
import { judgeSteps } from './judge-steps.ts';
import type { Sites } from './sites.ts';
import { noTally, type Tally } from './tally.ts';

/** Something that must not be. */
export class Violation extends Error {}

export class World {
  readonly name = 'erp';
  readonly sites: Sites;
  readonly tally: Tally = { ...noTally };
  /** All that happened, line by line. */
  readonly log: string[] = [];
  readonly model: Model;
  /** The group as it was told last, where nothing has happened to it since. */
  #known: GroupView | null = null;

  constructor(sites: Sites) {
    this.sites = sites;
    this.model = new Model(this.contents());
  }

  contents(): Both {
    return { A: this.sites.contents('A'), B: this.sites.contents('B') };
  }

  async show(): Promise<GroupView> {
    if (this.#known !== null) return this.#known;
    const { report, printed } = await sitepair(this.sites.home, ['group', 'show', this.name]);
    if (!report.group) this.fail(`the group cannot be shown: ${printed}`);
    this.#known = report.group;
    // A side that is back tells of points that nobody saw, of what it holds now.
    this.model.learn(report.group, this.contents(), this.contents());
    return report.group;
  }

  /** Production writes at a site, into one of these volumes. */
  write(site: SiteLetter, volumes: readonly number[]): void {
    const n = this.sites.write(site, volumes);
    this.model.written(site, this.sites.contents(site));
    this.happened(`production writes to volume ${n} at ${site}`);
  }

  /** Something happened that no command told of. */
  happened(line: string): void {
    this.#known = null;
    this.log.push(line);
  }

  /** Runs a command, and holds what it did against the model. */
  async command(words: readonly string[], fault: Fault | null = null): Promise<Answer> {
    const before = { group: await this.show(), contents: this.contents() };
    const answer = await sitepair(this.sites.home, words, fault);
    this.#count(answer, fault);
    if (answer.report.run?.error?.code === 'step-failed') this.tally.stepsFailed += 1;
    this.tally.bytesMoved += answer.report.run?.bytesWritten ?? 0;
    this.happened(`${words.join(' ')}${fault === null ? '' : ` ${JSON.stringify(fault)}`} -> ${outcomeOf(answer)}`);
    this.#known = answer.report.group ?? null;
    const after = { group: await this.show(), contents: this.contents() };
    this.log.push(`  ${describe(after.group)}`);
    const step: Step = {
      words,
      answer,
      group: { before: before.group, after: after.group },
      contents: { before: before.contents, after: after.contents },
    };
    const wrong = [
      ...judgeAlways(step),
      ...judgeSteps(step),
      ...this.model.after(answer.exitCode === 0, step.contents, after.group),
      ...(answer.exitCode === 0 ? judgeSuccess(step, this.model) : []),
    ];
    if (wrong.length > 0) this.fail(`after ${words.join(' ')}: ${wrong.join('; ')}`);
    return answer;
  }

  /** Runs a command that must end well. */
  async must(words: readonly string[]): Promise<void> {
    const { exitCode, printed } = await this.command(words);
    if (exitCode !== 0) this.fail(`${words.join(' ')} ended with ${exitCode ?? 'a kill'}: ${printed}`);
  }

  fail(what: string): never {
    throw new Violation(what);
  }

  #count({ exitCode }: Answer, fault: Fault | null): void {
    this.tally.commands += 1;
    if (exitCode === 0) this.tally.succeeded += 1;
    if (exitCode === null) this.tally.kills += 1;
    if (exitCode === 2 || exitCode === 3) this.tally.refused += 1;
    if (exitCode !== null && fault?.kind === 'fail') this.tally.faults += 1;
  }
}

function outcomeOf({ exitCode, report }: Answer): string {
  if (exitCode === null) return 'killed';
  const error = report.error ?? report.run?.error;
  return `${exitCode} ${error === undefined ? '' : `${error.code}: ${error.message}`}`;
}

function describe({ phase, activeSite, points }: GroupView): string {
  const listed = points.map(
    ({ id, site, kind, state, current }) => `${id}${current ? '*' : ''} ${site} ${kind} ${state}`,
  );
  return `${phase}, active ${activeSite ?? 'nowhere'}: ${listed.join(', ')}`;
}
