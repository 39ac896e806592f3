/** Two sites whose group has a recovery plan, and a file in which its commands note that they ran. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { TestContext } from 'vitest';
import type { Run } from '../../src-main/contract/runs.ts';
import type { Report } from './installation.ts';
import { TwoSites } from './two-sites.ts';

export class PlannedSites extends TwoSites {
  readonly #notes: string;

  constructor(context: TestContext) {
    super(context);
    this.#notes = this.path('notes');
  }

  /** A command that notes these words, which the shell expands. */
  noting(words: string): string {
    return `echo "${words}" >> ${this.#notes}`;
  }

  /** All that was noted so far, a line each. */
  get noted(): string[] {
    return existsSync(this.#notes) ? readFileSync(this.#notes, 'utf8').trimEnd().split('\n') : [];
  }

  async setPlan(lines: string): Promise<void> {
    const file = this.path('plan.yaml');
    writeFileSync(file, lines);
    await this.sitepair.must('plan', 'set', this.name, file);
  }

  /** Makes the group and seeds it, then gives it the plan. */
  static async protected(context: TestContext, plan: (sites: PlannedSites) => string): Promise<PlannedSites> {
    const sites = new PlannedSites(context);
    await sites.protect();
    await sites.setPlan(plan(sites));
    return sites;
  }
}

/** What became of a step of the plan in the run that a report tells of. */
export function stepOf({ run }: Report, id: string): NonNullable<Run['steps'][number]['plan']> {
  const found = run?.steps.findLast((step) => step.plan?.id === id)?.plan;
  if (found === undefined) throw new Error(`the run has no step ${id}: ${JSON.stringify(run?.steps)}`);
  return found;
}
