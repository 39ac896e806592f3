/** The commands of a plan, and whether each may run on this machine. */
import type { Plan, PlanStep, Servers } from '../../contract/plan.ts';
import { mayRun } from '../hooks.ts';
import type { Registration } from '../registration.ts';

/** A step's command as it is confirmed: the same words in another directory are another command. */
export function wordsOf(step: Exclude<PlanStep, { kind: 'manual' }>): string {
  return step.directory === null ? step.command : `${step.command} (in ${step.directory})`;
}

function ofServers(servers: Servers | null): string[] {
  return [servers?.stopped, servers?.stop, servers?.start].filter((one) => typeof one === 'string');
}

/** All of them, in the order of the plan, as they are confirmed. */
export function commandsOfPlan(plan: Plan | null): string[] {
  if (plan === null) return [];
  const ofSteps = plan.steps.flatMap((step) => (step.kind === 'manual' ? [] : wordsOf(step)));
  return [...ofSteps, ...ofServers(plan.servers.primary), ...ofServers(plan.servers.recovery)];
}

/** Those that came with a store, and are off until they are confirmed. */
export function commandsOff(plan: Plan | null, registration: Registration): string[] {
  return [...new Set(commandsOfPlan(plan))].filter((command) => !mayRun(command, registration));
}
