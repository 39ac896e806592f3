/** `group`: make, list, show, change, remove and adopt consistency groups. */
import type { Command } from 'commander';
import { z } from 'zod';
import { groupSetSchema } from '../../../contract/groups.ts';
import { SitepairError } from '../../../contract/errors.ts';
import type { Progress, Run } from '../../../contract/runs.ts';
import { parsePair, parseVolumePath } from '../assignments.ts';
import { collect, onlyGiven, withExample } from '../command-options.ts';
import { groupLines, groupListLines } from '../render/group.ts';
import { underWayLines } from '../render/progress.ts';
import { hang } from '../render/text.ts';
import type { Session } from '../session.ts';
import { addPairCommands } from './pairs.ts';
import { policyOf, policyOptions, withPolicyOptions } from './policy-options.ts';

const createOptions = z.strictObject({
  primarySite: z.string(),
  recoverySite: z.string(),
  pair: z.array(z.string()),
  primaryStore: z.string(),
  recoveryStore: z.string(),
  chunkSize: z.string().optional(),
  ...policyOptions.shape,
});
const setOptions = z.strictObject({
  path: z.array(z.string()).default([]),
  primaryStore: z.string().optional(),
  recoveryStore: z.string().optional(),
  confirmHooks: z.boolean().optional(),
  confirm: z.string().optional(),
  ...policyOptions.shape,
});
const removeOptions = z.strictObject({ confirm: z.string().optional(), purge: z.boolean().default(false) });
const adoptOptions = z.strictObject({
  group: z.string().optional(),
  otherStore: z.string().optional(),
  path: z.array(z.string()).default([]),
  takeOver: z.boolean().default(false),
  confirm: z.string().optional(),
});

const pathHelp = 'where a volume of a pair lies now, as PAIR_ID:primary=PATH or PAIR_ID:recovery=PATH; may be repeated';

/** Adds the commands to `program`. */
export function addGroupCommands(program: Command, session: Session): void {
  const group = program
    .command('group')
    .helpGroup('Groups:')
    .description('Consistency groups: create, list, show, set, add and remove pairs, remove, adopt.');
  addCreate(group, session);
  withExample(
    group
      .command('list')
      .description('List the groups with direction, phase, health and how far the replica is behind.')
      .action(async () => {
        const report = await session.call('groups.list', {});
        session.print(report, (page) => groupListLines(page, report.groups));
      }),
    'sitepair group list',
  );
  withExample(
    group
      .command('show')
      .description('Show a group: direction, health, pairs, recovery points, stores, and what can be done now.')
      .argument('<name>', 'the group')
      .action(async (name: string) => {
        const report = await session.call('groups.show', { name });
        const going = await underWayIn(session, name);
        session.print(report, (page) =>
          groupLines(
            page,
            report.group,
            going.flatMap(([run, progress]) => underWayLines(page, progress, run.operator)),
          ),
        );
      }),
    'sitepair group show erp-db',
  );
  addSet(group, session);
  addPairCommands(group, session);
  withExample(
    group
      .command('remove')
      .description('Forget a group. Its volumes are left alone, and so are its stores unless --purge is given.')
      .argument('<name>', 'the group')
      .option('--confirm <name>', "the group's name, to confirm")
      .option('--purge', "also delete the group's folders in both stores: its points can then not be brought back")
      .action(async (name: string, raw: unknown) => {
        const { confirm, purge } = removeOptions.parse(raw);
        const report = await session.call('groups.remove', { name, purge, ...(confirm !== undefined && { confirm }) });
        session.print(report, (page) => hang('', report.message, page));
      }),
    'sitepair group remove erp-db --confirm erp-db',
  );
  addAdopt(group, session);
}

/** What runs in a group now, whoever began it: it may wait for whoever looks. */
async function underWayIn(session: Session, name: string): Promise<[Run, Progress][]> {
  const { runs } = await session.call('runs.list', { group: name, limit: 20 });
  const going: [Run, Progress][] = [];
  for (const run of runs.filter(({ outcome }) => outcome === null)) {
    const { progress } = await session.call('runs.progress', { id: run.id });
    if (progress !== null) going.push([run, progress]);
  }
  return going;
}

function addCreate(group: Command, session: Session): void {
  const create = group
    .command('create')
    .description('Make a group of pairs that share recovery points and change sides together. Nothing is copied yet.')
    .argument('<name>', 'a name for the group')
    .requiredOption('--primary-site <name>', 'the site where production belongs')
    .requiredOption('--recovery-site <name>', 'the site where production goes in a disaster')
    .requiredOption(
      '--pair <src::dst>',
      'a source volume and its replica, two colons between; repeated for more',
      collect,
    )
    .requiredOption('--primary-store <dir>', 'directory at the primary site for records and undo journals')
    .requiredOption('--recovery-store <dir>', 'the same at the recovery site, on no volume of the group')
    .option('--chunk-size <size>', 'unit of comparing and copying, a power of two; fixed for good (default: 256K)');
  withPolicyOptions(create, 'defaults').action(async (name: string, raw: unknown) => {
    const options = createOptions.parse(raw);
    const pairs = options.pair.map((text) => {
      const { source, target } = parsePair(text);
      return { source: session.path(source), target: session.path(target) };
    });
    const report = await session.call('groups.create', {
      name,
      primarySite: options.primarySite,
      recoverySite: options.recoverySite,
      pairs,
      primaryStore: session.path(options.primaryStore),
      recoveryStore: session.path(options.recoveryStore),
      policy: policyOf(options, options.chunkSize),
    });
    session.print(report, (page) => groupLines(page, report.group));
  });
  withExample(
    create,
    [
      'sitepair group create erp-db --primary-site "Hall A" --recovery-site "Hall B" \\',
      '--pair /dev/vg0/data::/mnt/b/data.img --pair /dev/vg0/log::/mnt/b/log.img \\',
      '--primary-store /var/lib/sitepair/a --recovery-store /mnt/b/sitepair --rpo 15m',
    ].join('\n'),
  );
}

function addSet(group: Command, session: Session): void {
  const set = group
    .command('set')
    .description("Change a group's policy, hooks, or where its volumes and stores lie. What is left out stays.")
    .argument('<name>', 'the group')
    .option('--path <assignment>', pathHelp, collect)
    .option('--primary-store <dir>', 'where the store of the primary site lies now')
    .option('--recovery-store <dir>', 'where the store of the recovery site lies now')
    .option('--confirm-hooks', 'let hooks run that came from an adopted store')
    .option('--confirm <name>', "the group's name, to confirm a new store in place of one that is lost");
  withPolicyOptions(set, 'no defaults').action(async (name: string, raw: unknown) => {
    const options = setOptions.parse(raw);
    const path = options.path.length > 0 ? options.path : undefined;
    if (Object.keys(onlyGiven({ ...options, path, confirm: undefined })).length === 0) {
      throw new SitepairError({
        code: 'invalid-input',
        message: 'Nothing to change was given.',
        remedy: `See ${session.commandLine('group', 'set', '--help')} for what can be set.`,
      });
    }
    const input = groupSetSchema.parse(
      onlyGiven({
        name,
        policy: policyOf(options),
        paths: volumePaths(session, options.path),
        primaryStore: options.primaryStore === undefined ? undefined : session.path(options.primaryStore),
        recoveryStore: options.recoveryStore === undefined ? undefined : session.path(options.recoveryStore),
        confirmHooks: options.confirmHooks,
        confirm: options.confirm,
      }),
    );
    const report = await session.call('groups.set', input);
    const { note } = report;
    session.print(report, (page) =>
      note === undefined ? groupLines(page, report.group) : hang(`${page.paint.warn('▲')} `, note, page),
    );
  });
  withExample(
    set,
    'sitepair group set erp-db --rpo 30m --limit 200M/s',
    'sitepair group set erp-db --path pair-1:recovery=/mnt/b2/data.img',
  );
}

function addAdopt(group: Command, session: Session): void {
  const adopt = group
    .command('adopt')
    .description('Bring back a group from a store: after the catalog was lost, or to take it over on another machine.')
    .argument('<store_dir>', 'the store of either site')
    .option('--group <name>', 'which group, where the store holds several')
    .option('--other-store <dir>', "the other site's store, where it can be reached")
    .option('--path <assignment>', pathHelp, collect)
    .option('--take-over', 'make this machine the one that may write; the machine before it is fenced')
    .option('--confirm <name>', "the group's name, to confirm --take-over")
    .action(async (store: string, raw: unknown) => {
      const options = adoptOptions.parse(raw);
      const report = await session.call('groups.adopt', {
        store: session.path(store),
        paths: volumePaths(session, options.path),
        takeOver: options.takeOver,
        ...(options.group !== undefined && { group: options.group }),
        ...(options.otherStore !== undefined && { otherStore: session.path(options.otherStore) }),
        ...(options.confirm !== undefined && { confirm: options.confirm }),
      });
      session.print(report, (page) => [
        ...groupLines(page, report.group),
        '',
        ...report.notes.flatMap((note) => hang(`${page.paint.warn('▲')} `, note, page)),
      ]);
    });
  withExample(adopt, 'sitepair group adopt /mnt/b/sitepair --other-store /var/lib/sitepair/a');
}

function volumePaths(session: Session, texts: readonly string[]): ReturnType<typeof parseVolumePath>[] {
  return texts.map((text) => {
    const given = parseVolumePath(text);
    return { ...given, path: session.path(given.path) };
  });
}
