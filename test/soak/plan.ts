/** The recovery plan of a group under soak: a step before and a step after its operations, each of which may fail. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { GroupView } from '../../src-main/contract/groups.ts';
import { sameContents, letters } from './sites.ts';
import type { Step } from './judge.ts';
import type { Random } from './random.ts';
import type { World } from './world.ts';

const steps = ['before-it', 'after-it'] as const;
const around = '[failover, planned-failover, failback, change-point, undo, commit, reprotect, protect, sync]';

export class Plan {
  readonly #world: World;
  readonly #random: Random;

  constructor(world: World, random: Random) {
    this.#world = world;
    this.#random = random;
  }

  /** Gives the group its plan. */
  async begin(): Promise<void> {
    const { sites, name } = this.#world;
    const file = join(sites.dir, 'plan.yaml');
    const [before, after] = steps.map((step) => `test ! -e ${this.#fails(step)}`);
    writeFileSync(
      file,
      `steps:\n  - {id: ${steps[0]}, before: ${around}, run: '${before ?? ''}'}\n` +
        `  - {id: ${steps[1]}, after: ${around}, run: '${after ?? ''}'}\n`,
    );
    await this.#world.must(['plan', 'set', name, file]);
  }

  /** From now on a step fails, or none. */
  turn(): void {
    this.mend();
    const fails = this.#random.pick([null, ...steps]);
    if (fails === null) return;
    writeFileSync(this.#fails(fails), '');
    this.#world.happened(`the step ${fails} fails from now on`);
  }

  mend(): void {
    for (const step of steps) rmSync(this.#fails(step), { force: true });
    this.#world.happened('all steps of the plan go well');
  }

  /** Words that leave a step out, now and then; else none. */
  leftOut({ cutOff }: GroupView): string[] {
    const step = steps.find((one) => cutOff?.was.includes(one) === true);
    if (step === undefined || !this.#random.once(3)) return [];
    return ['--skip-step', step, '--reason', 'soak'];
  }

  #fails(step: string): string {
    return join(this.#world.sites.dir, `${step}-fails`);
  }
}

/** A failed step before an operation leaves all as it was; where only steps after it are left, no volume is written. */
export function judgeSteps({ words, answer, group, contents }: Step): string[] {
  const changed = letters.filter((site) => !sameContents(contents.before[site], contents.after[site]));
  const error = answer.report.run?.error;
  const { cutOff, phase } = group.before;
  if (error?.code === 'step-failed' && error.where === steps[0]) {
    if (changed.length > 0) return ['a step before the operation failed, yet volumes were changed'];
    if (group.after.phase !== phase) return ['a step before the operation failed, yet the phase is another one'];
  }
  const onlySteps = cutOff?.rollback.length === 0 && !cutOff.changesSides;
  const rests = ['protected', 'failed-over', 'committed'].includes(phase);
  if (words[0] !== 'resume' || !onlySteps || !rests) return [];
  if (changed.length > 0) return ['steps were gone on with, yet volumes were changed'];
  return group.after.phase === phase ? [] : ['steps were gone on with, yet the phase is another one'];
}
