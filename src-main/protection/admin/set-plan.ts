/** plan set: the recovery plan of a group, changed in place; plan show: as it is kept. */
import { SitepairError } from '../../contract/errors.ts';
import type { PlanSet, PlanView } from '../../contract/plan.ts';
import type { Machine } from '../../store/record.ts';
import { OpenGroup } from '../group.ts';
import { parsePlan } from '../plan/parse.ts';
import { keepPlan, lookForPlan } from '../plan/plan-book.ts';
import { commandsOff, commandsOfPlan } from '../plan/plan-commands.ts';
import type { Registration } from '../registration.ts';
import { writeDefinition } from './set.ts';

/** Throws `store-damaged` where a plan is there and cannot be read. */
export function showPlan(group: OpenGroup): PlanView {
  const { kept, damage } = lookForPlan(group);
  if (kept === null && damage !== null) throw unread(group.name, damage);
  if (kept === null) return { text: '', version: 0, set: null, plan: parsePlan(''), off: [] };
  const { text, version, at, operator, plan } = kept;
  return { text, version, set: { at, operator }, plan, off: commandsOff(plan, group.registration) };
}

/**
 * Sets a group's plan and gives the new registration: who gives commands here lets them run here. The group's version
 * rises, so that a wizard that is open looks again. Throws `invalid-input` with the line of what is wrong, and `busy`.
 */
export function setPlan(
  { text }: PlanSet,
  registration: Registration,
  places: { machine: Machine; now: () => Date; operator: string },
): Registration {
  const plan = parsePlan(text);
  const group = OpenGroup.open(registration, places.machine, places.now);
  try {
    group.lock('plan set');
    const version = 1 + Math.max(group.definition.version, lookForPlan(group).kept?.version ?? 0);
    keepPlan(group, text, version, places.operator);
    const definition = writeDefinition(group, { ...group.definition, version }, places.now());
    const confirmed = new Set([...registration.confirmedCommands, ...commandsOfPlan(plan)]);
    return { ...registration, definition, confirmedCommands: [...confirmed] };
  } finally {
    group.unlock();
    group.close();
  }
}

function unread(name: string, damage: string): SitepairError {
  return new SitepairError({
    code: 'store-damaged',
    message: `The plan of ${name} cannot be read. ${damage}`,
    where: name,
    remedy: 'Reach the other store, which has a copy, or set the plan anew with plan set.',
  });
}
