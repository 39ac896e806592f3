/**
 * Proves whether a group could change sides now and come back, while all is well: by the checks of failover and planned
 * failover, and by those of the way back as if the failover had been. It reads, asks the system, and writes nothing; it
 * opens no volume for writing and runs no command of the operator's.
 */
import { performance } from 'node:perf_hooks';
import { SitepairError } from '../../contract/errors.ts';
import type { ReadinessProof, WayProof } from '../../contract/readiness.ts';
import { lookThrough } from '../checks/run-checks.ts';
import type { OpenGroup } from '../group.ts';
import { sites } from '../registration.ts';
import type { RunContext } from '../run-context.ts';
import { configurationOf } from './configuration.ts';
import { waysAhead, type WayAhead } from './ways.ts';

/**
 * Throws `not-allowed` in a phase in which there is nothing to prove, `busy` where a run holds the group or came in
 * between, and `cancelled`.
 */
export async function proveReadiness(
  group: OpenGroup,
  context: RunContext,
): Promise<Omit<ReadinessProof, 'operator' | 'program'>> {
  const at = context.now().toISOString();
  const begin = performance.now();
  const configuration = configurationOf(group, context.platform);
  if (configuration === null) throw nothingToProve(group);
  assertFree(group);
  const before = serialsOf(group);
  const ways: WayProof[] = [];
  for (const ahead of waysAhead(group, context)) ways.push(await proofOf(group, ahead));
  assertFree(group);
  group.reread();
  // What a run changed meanwhile was looked at half before and half after.
  if (serialsOf(group) !== before) throw disturbed(group, 'It has just ended.');
  return { at, seconds: (performance.now() - begin) / 1000, configuration, ways };
}

async function proofOf(group: OpenGroup, ahead: WayAhead): Promise<WayProof> {
  const { way, later, context, scope } = ahead;
  const results = await lookThrough({ group, context, scope, samples: new Map() }, ahead.rules, ahead.others);
  const to = group.definition.siteNames[ahead.to];
  const open = results.filter(({ status }) => status !== 'pass');
  const findings = [...open.filter(({ blocks }) => blocks), ...open.filter(({ blocks }) => !blocks)].map(
    ({ id, title, status, found, why, remedy, blocks, acceptable }) => ({
      id,
      title,
      status,
      found,
      why,
      remedy,
      blocks,
      acceptable,
    }),
  );
  const passed = results.length - open.length;
  const keeper = group.recordOf(ahead.to)?.machine;
  if (keeper !== undefined && keeper.id !== group.machine.id) {
    const told = findings.filter(({ id }) => id === 'ownership-agrees');
    return { way, to, state: 'elsewhere', passed, findings: told, later };
  }
  const state = open.length === 0 ? 'ready' : open.some(({ blocks }) => blocks) ? 'blocked' : 'warnings';
  return { way, to, state, passed, findings, later };
}

function serialsOf(group: OpenGroup): string {
  return sites.map((site) => group.recordOf(site)?.serial ?? '-').join(' ');
}

function assertFree(group: OpenGroup): void {
  const holder = group.holder();
  if (holder !== null) throw disturbed(group, `It is held by ${holder}.`);
}

function disturbed({ name }: OpenGroup, who: string): SitepairError {
  return new SitepairError({
    code: 'busy',
    message: `Nothing can be proved of ${name} while a run is at it. ${who}`,
    where: name,
    remedy: 'Wait for the end of that run, then look again.',
  });
}

function nothingToProve({ name }: OpenGroup): SitepairError {
  return new SitepairError({
    code: 'not-allowed',
    message: `There is nothing to prove of ${name} now: it has no replica to fail over to, or sides are changing.`,
    where: name,
    remedy: `See where the group stands with: sitepair group show ${name}`,
  });
}
