/** Which steps of a plan stand around an operation, in the order in which they are carried out. */
import type { Plan, PlanStep, Servers, StepAhead } from '../../contract/plan.ts';
import type { Operation, SiteLetter } from '../../contract/phases.ts';
import type { SaidOfStep } from '../../contract/plan-run.ts';
import { scopeOf } from '../checks/scope.ts';
import type { OpenGroup } from '../group.ts';
import { mayRun } from '../hooks.ts';
import type { Registration } from '../registration.ts';
import type { RunContext } from '../run-context.ts';
import { otherSite } from '../states.ts';
import { roleOfSite, serversAt } from './servers.ts';
import { wordsOf } from './plan-commands.ts';

/** The servers of a site are stopped or started: what the plan's commands for them are for. */
export interface ServersStep {
  kind: 'servers';
  id: 'stop-servers' | 'start-servers';
  title: string;
  when: 'before' | 'after';
  site: SiteLetter;
  does: 'stop' | 'start';
  servers: Servers;
}

export type StepAround = PlanStep | ServersStep;

/**
 * Where an operation leads: the site that production is at afterwards or, of what makes a replica, the one that gets
 * it; of a test failover the one that is copied.
 */
export function leadsTo(group: OpenGroup, context: RunContext): SiteLetter {
  const { operation } = context.request;
  const { written, read } = scopeOf(group, context);
  const { activeSite } = group.state;
  if (operation === 'undo' && group.state.phase === 'failed-over' && read !== null) return read;
  if (operation === 'undo') return otherOr(written, group);
  if (operation === 'commit') return activeSite ?? group.replicaSite;
  if (operation === 'test-failover') return group.replicaSite;
  return written ?? group.replicaSite;
}

function otherOr(site: SiteLetter | null, group: OpenGroup): SiteLetter {
  return site === null ? group.replicaSite : otherSite(site);
}

const planned: readonly Operation[] = ['planned-failover', 'failback'];

/** The site whose servers an operation stops before it begins; null for those that stop none. */
export function sideStopped(operation: Operation, to: SiteLetter): SiteLetter | null {
  if (planned.includes(operation)) return otherSite(to);
  return operation === 'reprotect' ? to : null;
}

/** All of them: those before it with the stopping of servers last, those after it with their start first. */
export function stepsAround(plan: Plan, group: OpenGroup, operation: Operation, to: SiteLetter): StepAround[] {
  const own = plan.steps.filter(
    (step) =>
      step.operations.some((one) => one === operation) && (step.to === null || step.to === roleOfSite(group, to)),
  );
  const stops = sideStopped(operation, to);
  return [
    ...own.filter(({ when }) => when === 'before'),
    ...(stops === null ? [] : serversStep(plan, group, stops, 'stop')),
    ...(planned.includes(operation) ? serversStep(plan, group, to, 'start') : []),
    ...own.filter(({ when }) => when === 'after'),
  ];
}

function serversStep(plan: Plan, group: OpenGroup, site: SiteLetter, does: 'stop' | 'start'): ServersStep[] {
  const servers = serversAt(plan, group, site);
  if (!servers?.[does]) return [];
  const name = group.definition.siteNames[site];
  return [
    {
      kind: 'servers',
      id: does === 'stop' ? 'stop-servers' : 'start-servers',
      title: does === 'stop' ? `Stop the servers of ${name}, if they run` : `Start the servers of ${name}`,
      when: does === 'stop' ? 'before' : 'after',
      site,
      does,
      servers,
    },
  ];
}

/** The commands that a step would run, as they are confirmed. */
export function commandsOfStep(step: StepAround): string[] {
  if (step.kind === 'manual') return [];
  if (step.kind !== 'servers') return [wordsOf(step)];
  return [step.servers[step.does], step.servers.stopped].filter((one) => one !== null);
}

/** Whether a step has a command that came with a store and is not confirmed: then none of it is run. */
export function isOff(step: StepAround, registration: Registration): boolean {
  return commandsOfStep(step).some((command) => !mayRun(command, registration));
}

/** A step as somebody reads it who is about to start the operation. `said`: what was decided of steps by name. */
export function aheadOf(step: StepAround, registration: Registration, said: readonly SaidOfStep[]): StepAhead {
  const decided = said.find(({ id }) => id === step.id);
  const text =
    step.kind === 'manual' ? step.text : step.kind === 'servers' ? (step.servers[step.does] ?? '') : wordsOf(step);
  const { id, title, when, kind } = step;
  return { id, title, when, kind, text, passedOver: decided?.is ?? (isOff(step, registration) ? 'off' : null) };
}
