/** `readiness`: which groups can fail over now and come back, as it was proved, and how often it is. */
import type { Command } from 'commander';
import { z } from 'zod';
import { SitepairError } from '../../../contract/errors.ts';
import { failoverStanding, failoverSummary } from '../../../contract/can-fail-over.ts';
import type { GroupView } from '../../../contract/groups.ts';
import { rehearsals } from '../../../contract/phases.ts';
import { isReady } from '../../../contract/readiness.ts';
import type { Run } from '../../../contract/runs.ts';
import { withExample } from '../command-options.ts';
import { exitCodes } from '../exit-codes.ts';
import { parseCount } from '../quantities.ts';
import { readinessLines, type ToldGroup } from '../render/readiness.ts';
import type { Session } from '../session.ts';

const options = z.strictObject({ now: z.boolean().default(false), every: z.string().optional() });
const mostHours = 24 * 366;

/** Adds the command to `program`. */
export function addReadinessCommand(program: Command, session: Session): void {
  withExample(
    program
      .command('readiness')
      .helpGroup('Groups:')
      .description(
        'Say which groups can fail over now and come back, by the checks of both, which change nothing, and when ' +
          'each was tested last. Exit code 3 where one cannot, or where it is not proved.',
      )
      .argument('[name]', 'the group (default: all)')
      .option('--now', 'look now, instead of telling the last look')
      .option('--every <hours>', 'how often the process that begins cycles looks at all groups (default: 24), or off')
      .action(async (name: string | undefined, raw: unknown) => readiness(session, name, options.parse(raw))),
    'sitepair readiness',
    'sitepair readiness erp-db --now',
  );
}

async function readiness(
  session: Session,
  name: string | undefined,
  { now, every }: z.infer<typeof options>,
): Promise<void> {
  if (every !== undefined) await session.call('readiness.set', { everyHours: hoursOf(every) });
  const groups =
    name === undefined
      ? (await session.call('groups.list', {})).groups
      : [(await session.call('groups.show', { name })).group];
  const shown: GroupView[] = [];
  for (const group of groups) shown.push(now ? await looked(session, group, name !== undefined) : group);
  const { everyHours } = await session.call('readiness.schedule', {});
  const going = new Map<string, Run | null>();
  for (const group of shown) going.set(group.name, await runOn(session, group.name));
  const summary = failoverSummary(shown, (of) => going.get(of) ?? null);
  const told = shown.map((group): ToldGroup => {
    const standing = failoverStanding(group, going.get(group.name) ?? null);
    return { group, standing, ready: standing.state === 'can' && isReady(group.readiness) };
  });
  if (!told.every(({ ready }) => ready)) session.exitCode = exitCodes.blocked;
  const report = {
    everyHours,
    headline: summary.headline,
    groups: told.map(({ group, standing, ready }) => ({
      name: group.name,
      phase: group.phase,
      canFailOver: standing.state,
      why: standing.why,
      ready,
      readiness: group.readiness ?? null,
      lastTest: group.lastTest ?? null,
    })),
  };
  session.print(report, (page) => readinessLines(page, summary, told, everyHours));
}

/** What goes on in a group and is no rehearsal, or null. */
async function runOn(session: Session, group: string): Promise<Run | null> {
  const { runs } = await session.call('runs.list', { group, limit: 5 });
  return runs.find(({ operation, outcome }) => outcome === null && !rehearsals.includes(operation)) ?? null;
}

/** Of several groups, one that is held or has nothing to prove keeps no other from being looked at. */
async function looked(session: Session, group: GroupView, alone: boolean): Promise<GroupView> {
  try {
    return (await session.call('readiness.prove', { name: group.name })).group;
  } catch (error) {
    const ofGroup = error instanceof SitepairError && ['busy', 'not-allowed'].includes(error.report.code);
    if (alone || !ofGroup) throw error;
    return group;
  }
}

/** Null for never. */
function hoursOf(text: string): number | null {
  return text === 'off' ? null : parseCount(text, '--every', 1, mostHours);
}
