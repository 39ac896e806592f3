/**
 * What comes before a run: the confirmation that destructive operations want, said with what will be lost, and that
 * other runs of the group make way for an unplanned failover.
 */
import type { Runs } from '../catalog/runs.ts';
import type { CheckReport } from '../contract/checks.ts';
import { SitepairError } from '../contract/errors.ts';
import { forecastOperations } from '../contract/forecast.ts';
import type { Operation, ShownPhase } from '../contract/phases.ts';
import type { OperationRequest, Standing } from '../contract/runs.ts';
import { assertAsSeen } from '../protection/as-seen.ts';
import { isConfirmed, unconfirmed } from '../protection/confirmation.ts';
import type { Registration } from '../protection/registration.ts';
import type { OperationOrder } from '../protection/run-context.ts';
import { makeWay, whatMakesWay } from './make-way.ts';
import { assertReason } from './reason-wanted.ts';
import type { SiteThread } from './site-thread.ts';

const destructive: readonly Operation[] = [
  'failover',
  'planned-failover',
  'failback',
  'change-point',
  'undo',
  'commit',
  'reprotect',
  'drop-point',
];

export interface StartPlaces {
  thread: SiteThread;
  runs: Runs;
  look: (order: OperationOrder) => Promise<CheckReport>;
  /** Asks a run to stop. */
  cancel: (runId: string) => void;
}

/** Operations that can pass over what cannot be read. */
const readsSource: readonly Operation[] = ['protect', 'sync', 'resume'];

function wantsConfirmation(request: OperationRequest): boolean {
  const { operation, overwrite, skipUnreadable } = request;
  return destructive.includes(operation) || skipUnreadable === true || (operation === 'protect' && overwrite === true);
}

/**
 * Throws `confirmation-missing`, `confirmation-wrong`, `invalid-input`, `pair-unknown`, `point-unknown`; for a failover
 * `not-allowed` and `busy`.
 */
export async function startOperation(order: OperationOrder, places: StartPlaces): Promise<void> {
  const { request, registration } = order;
  const { name } = registration.definition;
  const needsOne = request.operation === 'change-point' || request.operation === 'drop-point';
  if (needsOne && request.point === undefined) throw needsPoint(request);
  if (request.skipUnreadable === true && !readsSource.includes(request.operation)) throw readsAll(request);
  if (request.operation === 'test-failover' && request.directory === undefined) throw needsDirectory(request);
  assertReplacements(request, registration);
  await assertPoint(order, places.thread);
  await assertSalvage(order, places.thread);
  const wanted = wantsConfirmation(request);
  if (!isConfirmed(name, request.confirm, wanted)) {
    throw unconfirmed(name, request.confirm, wanted ? await atStake(order, places) : '');
  }
  assertReason(request.operation, request.reason, [registration.definition]);
  if (request.operation !== 'failover') return;
  const standing = async (): Promise<Standing> => (await places.thread.ask('view', { registration })).view;
  // No cycle makes way for what would then be refused.
  if (request.seen !== undefined) assertAsSeen(name, request, await standing());
  await makeWay(name, { ...places, phaseNow: async () => (await standing()).phase });
}

/** The order as its checks are looked at: an unplanned failover stops what holds the group, so that is no obstacle. */
export async function asLookedAt(
  order: OperationOrder,
  { thread, runs }: Pick<StartPlaces, 'thread' | 'runs'>,
): Promise<OperationOrder> {
  const { request, registration } = order;
  if (request.operation !== 'failover') return order;
  const phaseNow = async (): Promise<ShownPhase> => (await thread.ask('view', { registration })).view.phase;
  const makesWay = await whatMakesWay(request.group, { runs, phaseNow });
  return makesWay === undefined ? order : { ...order, makesWay };
}

/** What a confirmation is asked for: what will be lost, and what would block it even so. */
async function atStake(order: OperationOrder, { look }: StartPlaces): Promise<string> {
  const { operation, group } = order.request;
  const { consequences, checks } = await look(order);
  const blocking = checks
    .filter((check) => check.blocks && !check.accepted)
    .map(({ title, found }) => `${title}: ${found}`);
  const next =
    blocking.length === 0 ? ahead(order.request) : [`It would be blocked now all the same. ${blocking.join(' ')}`];
  return [`${operation} of ${group} must be confirmed.`, ...consequences, ...next].join(' ');
}

/** Whoever is to confirm is told how to learn beforehand what it takes. */
function ahead({ operation, group, skipUnreadable }: OperationRequest): string[] {
  const known: readonly Operation[] = forecastOperations;
  if (!known.includes(operation)) return [];
  const skips = skipUnreadable === true ? ' --skip-unreadable' : '';
  return [
    `What it copies, and how long that takes, is told by: sitepair forecast ${group} --for ${operation}${skips}.`,
  ];
}

/** The option that names the point. */
function pointOption({ operation }: OperationRequest): string {
  return operation === 'drop-point' ? '--drop' : '--point';
}

function needsPoint(request: OperationRequest): SitepairError {
  return new SitepairError({
    code: 'invalid-input',
    message: `${request.operation} needs the id of a point.`,
    where: pointOption(request),
    remedy: `List the points with: sitepair points ${request.group}`,
  });
}

function readsAll({ operation }: OperationRequest): SitepairError {
  return new SitepairError({
    code: 'invalid-input',
    message: `${operation} cannot pass over what cannot be read; only ${readsSource.join(', ')} can.`,
    where: '--skip-unreadable',
    remedy: 'Leave --skip-unreadable out.',
  });
}

function needsDirectory({ group }: OperationRequest): SitepairError {
  return new SitepairError({
    code: 'invalid-input',
    message: 'test-failover needs a directory for its copies.',
    where: '--dir',
    remedy: `Name one: sitepair test-failover ${group} --dir DIR`,
  });
}

/** A point that the group has not at any site is a wrong word, not a blocked run. */
async function assertPoint({ request, registration }: OperationOrder, thread: SiteThread): Promise<void> {
  const { point } = request;
  if (point === undefined) return;
  const { name } = registration.definition;
  const { points } = (await thread.ask('view', { registration })).view;
  if (points.some((one) => one.id === point)) return;
  throw new SitepairError({
    code: 'point-unknown',
    message: `The group ${name} has no point ${point}.`,
    where: pointOption(request),
    remedy: `List the points with: sitepair points ${name}`,
  });
}

/** A file that cannot be made is a wrong word too. */
async function assertSalvage({ request, registration, others }: OperationOrder, thread: SiteThread): Promise<void> {
  const { salvage } = request;
  if (salvage === undefined) return;
  await thread.ask('salvagePlace', { file: salvage.file, groups: [registration.definition, ...others] });
}

function assertReplacements(request: OperationRequest, registration: Registration): void {
  for (const { pairId } of request.replace ?? []) {
    if (registration.definition.pairs.some((pair) => pair.id === pairId)) continue;
    throw new SitepairError({
      code: 'pair-unknown',
      message: `The group ${registration.definition.name} has no pair ${pairId}.`,
      where: '--replace',
      remedy: `Its pairs are: ${registration.definition.pairs.map((pair) => pair.id).join(', ')}.`,
    });
  }
}

/** What a start ends with that the end of the program overtook. */
export function closedError(): SitepairError {
  return new SitepairError({
    code: 'cancelled',
    message: 'Sitepair was closed before the run began, so nothing was started.',
    remedy: 'Open it again, and see where the group stands before you start anew.',
  });
}
