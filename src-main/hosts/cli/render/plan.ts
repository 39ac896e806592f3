/** Recovery plans: as they were written, and what setting one came to. */
import type { PlanView } from '../../../contract/plan.ts';
import { counted } from '../../../contract/wording.ts';
import { mark, type Page } from './page.ts';

/** The text itself, so that it can be kept in a file and set again. */
export function planLines(name: string, { text, set }: PlanView): string[] {
  return set === null ? [`# ${name} has no recovery plan.`] : text.replace(/\n$/, '').split('\n');
}

/** The lines of `plan set`. */
export function planSetLines(page: Page, name: string, { plan, version }: PlanView): string[] {
  const { primary, recovery } = plan.servers;
  const sites = [primary, recovery].filter((one) => one !== null).length;
  const servers = sites === 0 ? '' : `, and commands for the servers of ${counted(sites, 'site')}`;
  return [
    mark(page, 'good', `The plan of ${name} has ${counted(plan.steps.length, 'step')}${servers} (version ${version}).`),
  ];
}
