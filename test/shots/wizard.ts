/** Goes through wizards as a person does, and takes each of their steps. */
import type { Operation } from '../../src-main/contract/phases.ts';
import type { Stage } from './stage.ts';

/** The steps of an operation's wizard, as its pictures are named. */
export const wizardSteps = ['choices', 'prerequisites', 'review', 'run', 'result'] as const;

/** The pictures of a wizard, by the names of its steps. */
export function picturesOf(wizard: string, steps: readonly string[] = wizardSteps): string[] {
  return steps.map((step) => `${wizard}-${step}`);
}

export interface Way {
  operation: Operation;
  group: string;
  /** What its pictures are named by, where that is not the operation. */
  as?: string;
  /** A choice that the address makes. */
  preset?: string;
  /** Makes choices in the first step. */
  choose?: () => Promise<void>;
  /** Bytes a second, so that there is something to see of the run; left out for one that is over at once. */
  limit?: number;
  /** While the run goes on, after its picture. */
  during?: () => Promise<void>;
}

/** Waits until a wizard of as many steps as `of` is at step `n`, counted from 0. */
export async function atStep({ page }: Stage, n: number, of: number): Promise<void> {
  await page
    .locator(`ol[aria-label=Steps]:has(> li:nth-child(${of}):last-child) > li:nth-child(${n + 1})[aria-current=step]`)
    .waitFor({ timeout: 120_000 });
}

/** Opens the wizard of an operation at its first step. */
export async function open(stage: Stage, { operation, group, preset }: Way): Promise<void> {
  // One that is open at this address already would stay at its step; and what was done beside the window is read.
  await stage.go('overview');
  await stage.page.reload();
  await stage.go(`do/${operation}/${group}${preset === undefined ? '' : `/${preset}`}`);
  await atStep(stage, 0, wizardSteps.length);
  await stage.page.getByRole('button', { name: /^Check prerequisites/ }).waitFor();
}

/** Goes to the review of an operation's wizard, acknowledging what wants a word; no picture is taken. */
export async function goToReview(stage: Stage, way: Way): Promise<void> {
  await open(stage, way);
  await stage.press('Check prerequisites');
  await stage.sees('Nothing has been changed.');
  await acknowledge(stage);
}

/** Goes through the wizard of an operation to its result; no picture is taken. */
export async function runThrough(stage: Stage, way: Way): Promise<void> {
  await goToReview(stage, way);
  await start(stage, way.group);
  await atStep(stage, 4, wizardSteps.length);
}

async function acknowledge(stage: Stage): Promise<void> {
  for (const box of await stage.page.getByRole('checkbox').all()) await box.check();
  await stage.press('Review');
  await atStep(stage, 2, wizardSteps.length);
}

/** Opens the wizard of an operation and looks at its prerequisites; the first two pictures are taken. */
export async function lookInto(stage: Stage, way: Way): Promise<void> {
  const { operation, as = operation } = way;
  await open(stage, way);
  await way.choose?.();
  await stage.take(`${as}-choices`);
  await stage.press('Check prerequisites');
  await stage.sees('Nothing has been changed.');
  await stage.take(`${as}-prerequisites`);
}

/** Acknowledges what wants a word, and goes to the review; its picture is taken. */
export async function review(stage: Stage, { operation, as = operation }: Way): Promise<void> {
  await acknowledge(stage);
  // A forecast is a look at both sides, which takes a moment.
  await stage.rest(300);
  await stage.page.getByRole('button', { name: 'Stop', exact: true }).waitFor({ state: 'detached', timeout: 60_000 });
  await stage.take(`${as}-review`);
}

/** Types the group's name where it is asked for, and presses the button that starts it. */
export async function start({ page }: Stage, group: string): Promise<void> {
  const name = page.getByLabel(/Type the group's name/);
  if ((await name.count()) > 0) await name.fill(group);
  await page.locator('footer').getByRole('button').last().click();
}

/** Goes through the whole wizard of an operation; every step's picture is taken. */
export async function goThrough(stage: Stage, way: Way): Promise<void> {
  const { operation, group, as = operation, limit } = way;
  // Before it is looked at: a change of the group is a reason to look again.
  if (limit !== undefined) await stage.groups.limit(group, limit);
  await lookInto(stage, way);
  await review(stage, way);
  // What is over at once is seen at work all the same: its end is told when the picture is taken.
  const tellEnd = stage.application.hold('operations.result');
  await start(stage, group);
  await atStep(stage, 3, wizardSteps.length);
  if (limit !== undefined) {
    await stage.sees('Time left');
    await stage.rest(2000);
  }
  await stage.take(`${as}-run`);
  await way.during?.();
  await stage.groups.unlimit(group);
  tellEnd();
  await atStep(stage, 4, wizardSteps.length);
  await stage.take(`${as}-result`);
  if (limit !== undefined) await stage.groups.limit(group, null);
}
