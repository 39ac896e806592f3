/** The recovery plan of a group under soak: a step before and a step after its operations, each of which may fail. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { GroupView } from '../../src-main/contract/groups.ts';
import { planSteps } from './judge-steps.ts';
import type { Random } from './random.ts';
import type { World } from './world.ts';

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
    const [before, after] = planSteps.map((step) => `test ! -e ${this.#fails(step)}`);
    writeFileSync(
      file,
      `steps:\n  - {id: ${planSteps[0]}, before: ${around}, run: '${before ?? ''}'}\n` +
        `  - {id: ${planSteps[1]}, after: ${around}, run: '${after ?? ''}'}\n`,
    );
    await this.#world.must(['plan', 'set', name, file]);
  }

  /** From now on a step fails, or none. */
  turn(): void {
    this.mend();
    const fails = this.#random.pick([null, ...planSteps]);
    if (fails === null) return;
    writeFileSync(this.#fails(fails), '');
    this.#world.happened(`the step ${fails} fails from now on`);
  }

  mend(): void {
    for (const step of planSteps) rmSync(this.#fails(step), { force: true });
    this.#world.happened('all steps of the plan go well');
  }

  /** Words that leave a step out, now and then; else none. */
  leftOut({ cutOff }: GroupView): string[] {
    const step = planSteps.find((one) => cutOff?.was.includes(one) === true);
    if (step === undefined || !this.#random.once(3)) return [];
    return ['--skip-step', step, '--reason', 'soak'];
  }

  #fails(step: string): string {
    return join(this.#world.sites.dir, `${step}-fails`);
  }
}
