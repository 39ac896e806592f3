/** Two sites with several groups of one small volume each, whose plans note what ran when, and a failover plan. */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type TestContext } from 'vitest';
import type { JoinedRun, PlanTurn } from '../../src-main/contract/failover-plans.ts';
import { run, Scratch } from '../volumes/scratch.ts';
import { Installation, type Answer } from './installation.ts';

export const start = ['failover-plan', 'run', 'lost', 'failover', '--confirm', 'lost'];

const halls = { a: 'Hall A', b: 'Hall B' };

export class SeveralGroups {
  readonly scratch: Scratch;
  readonly sitepair: Installation;

  constructor(context: TestContext) {
    this.scratch = new Scratch(context);
    for (const site of ['a', 'b']) mkdirSync(this.path(site));
    this.sitepair = new Installation(this.path('home'));
  }

  /** Makes groups and seeds them, and sets the plan "lost" over them. */
  static async protected(context: TestContext, names: readonly string[], plan: string): Promise<SeveralGroups> {
    const groups = new SeveralGroups(context);
    for (const name of names) await groups.protect(name);
    await groups.setPlan(plan);
    return groups;
  }

  path(name: string): string {
    return join(this.scratch.dir, name);
  }

  volume(site: 'a' | 'b', group: string): string {
    return this.path(`${site}/${group}.img`);
  }

  /** `target`: left out, a file at the recovery site. `home`: where production belongs. */
  async protect(name: string, target?: string, home: 'a' | 'b' = 'a'): Promise<void> {
    const away = home === 'a' ? 'b' : 'a';
    writeFileSync(this.volume(home, name), randomBytes(200_000));
    const sites = ['--primary-site', halls[home], '--recovery-site', halls[away]];
    const stores = ['--primary-store', this.path(`${home}/store`), '--recovery-store', this.path(`${away}/store`)];
    const pair = ['--pair', `${this.volume(home, name)}::${target ?? this.volume(away, name)}`];
    await this.sitepair.must('group', 'create', name, ...sites, ...stores, ...pair, '--chunk-size', '16K');
    await this.sitepair.must('protect', name);
  }

  /** Protects groups each of which has a disk of its own at the recovery site. Wants root. */
  async protectApart(...names: readonly string[]): Promise<void> {
    for (const name of names) {
      const folder = this.path(`b/${name}`);
      mkdirSync(folder);
      run('mount', '-t', 'tmpfs', '-o', 'size=4m', `disk-of-${name}`, folder);
      this.scratch.later(() => run('umount', folder));
      await this.protect(name, join(folder, 'volume.img'));
    }
  }

  async setPlan(text: string): Promise<void> {
    writeFileSync(this.path('lost.yaml'), text);
    await this.sitepair.must('failover-plan', 'set', 'lost', this.path('lost.yaml'));
  }

  /** Gives a group one step, before its failover unless `around` says otherwise. */
  async setStep(group: string, command: string, around = 'before: failover'): Promise<void> {
    const file = this.path(`${group}.yaml`);
    writeFileSync(file, `steps:\n  - {id: step, ${around}, run: '${command}'}\n`);
    await this.sitepair.must('plan', 'set', group, file);
  }

  noting(words: string): string {
    return `echo "${words}" >> ${this.path('notes')}`;
  }

  get noted(): string[] {
    return existsSync(this.path('notes')) ? readFileSync(this.path('notes'), 'utf8').trimEnd().split('\n') : [];
  }

  /** The groups of a plan's run in their order, each with how its turn stands. */
  statesOf({ report, printed }: Answer): Record<string, PlanTurn['state']> {
    return Object.fromEntries(planRunOf(report.planRun, printed).turns.map(({ group, state }) => [group, state]));
  }

  /** Where production of a group is now. */
  async siteOf(group: string): Promise<string | null> {
    return (await this.sitepair.group(group)).activeSite;
  }

  /** The operations of a group's runs, oldest first. */
  async runsOf(group: string): Promise<string[]> {
    const { runs = [] } = await this.sitepair.must('runs', group);
    return runs.map(({ operation, outcome }) => `${operation} ${outcome ?? 'running'}`).toReversed();
  }
}

export function planRunOf(run: JoinedRun | undefined, printed = ''): JoinedRun {
  expect(run, printed).toBeDefined();
  if (run === undefined) throw new Error('no run of a plan was told');
  return run;
}
