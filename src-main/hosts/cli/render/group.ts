/** The page of one group: which way it goes, how it is, its pairs, points and stores, and what can be done now. */
import type { GroupView, StoreView } from '../../../contract/groups.ts';
import { formatBytes, formatSeconds } from '../../../contract/figures.ts';
import { tryAgainWords } from '../../../contract/schedule.ts';
import { describeQuietHours } from '../quiet-hours.ts';
import { directionInWords, directionOf } from './direction.ts';
import { testLine } from './last-test.ts';
import { mark, section, type Level, type Page } from './page.ts';
import { holdingLines, pointTable } from './points.ts';
import { readyLine } from './readiness.ts';
import { table } from './table.ts';
import { hang, pad } from './text.ts';

const healthLevels: Readonly<Record<GroupView['health']['level'], Level>> = {
  ok: 'good',
  warning: 'warn',
  critical: 'bad',
};

/** The lines of `group show`; `underWay`: those of what runs in it now. */
export function groupLines(page: Page, group: GroupView, underWay: readonly string[] = []): string[] {
  return [
    `${page.paint.strong(group.name)}  ${directionOf(page, group)}  ${page.paint.faint(directionInWords(group))}`,
    '',
    ...facts(page, group),
    ...section(page, 'Under way', underWay),
    ...section(page, 'Cut off', cutOffLines(page, group)),
    ...section(page, 'Pairs', pairTable(page, group)),
    ...section(page, 'Recovery points, newest first', [...pointTable(page, group), ...holdingLines(page, group)]),
    ...section(page, 'Stores', storeTable(page, group)),
    ...section(page, 'Can be done now', allowed(page, group)),
    ...section(page, 'Cannot be done now', refused(page, group)),
    ...section(
      page,
      'To know',
      group.hints.flatMap((hint) => hang('  - ', hint, page)),
    ),
  ];
}

/** The lines of `group list`. */
export function groupListLines(page: Page, groups: readonly GroupView[]): string[] {
  if (groups.length === 0) return ['No groups yet. Make one with group create, or bring one back with group adopt.'];
  const columns = [
    { title: 'GROUP' },
    { title: 'DIRECTION' },
    { title: 'PHASE' },
    { title: 'HEALTH' },
    { title: 'BEHIND', align: 'right' },
    { title: 'TARGET', align: 'right' },
    { title: 'PAIRS', align: 'right' },
    { title: 'SIZE', align: 'right' },
  ] as const;
  const rows = groups.map((group) => [
    page.paint.strong(group.name),
    directionOf(page, group),
    group.phase,
    health(page, group),
    behind(group),
    formatSeconds(group.rpo.targetSeconds),
    String(group.pairs.length),
    formatBytes(group.pairs.reduce((sum, pair) => sum + pair.sizeBytes, 0)),
  ]);
  return table(page, columns, rows, 0);
}

function facts(page: Page, group: GroupView): string[] {
  const { policy } = group;
  const limit = policy.limitBytesPerSecond === null ? 'no limit' : `limit ${formatBytes(policy.limitBytesPerSecond)}/s`;
  const target = formatSeconds(group.rpo.targetSeconds);
  const late = group.rpo.actualSeconds !== null && group.rpo.actualSeconds > group.rpo.targetSeconds;
  const rows: [string, string][] = [
    ['Phase', `${group.phase} (group ${group.groupStatus}, epoch ${group.epoch})`],
    ['Health', [health(page, group), ...group.health.reasons].join(' - ')],
    ['Behind', `${behind(group)}${late ? `, ${mark(page, 'warn', 'late')}` : ''}; target ${target}`],
    ['Policy', `keeps ${policy.keepPoints} points, chunk ${formatBytes(policy.chunkSizeBytes)}, ${limit}`],
    ['Cycles', policy.scheduled ? 'by the clock; see sitepair schedule' : 'begun by hand'],
    ...(policy.reasonRequired
      ? [['Reason', 'wanted for each change of sides: --reason "why"'] as [string, string]]
      : []),
    ...policy.quietHours.map((hours): [string, string] => ['Quiet', describeQuietHours(hours)]),
  ];
  if (group.readiness !== undefined) rows.push(['Ready', readyLine(page, group.readiness)]);
  const hooks = {
    'stopped check': policy.stoppedCheck,
    'before cycle': policy.beforeCycle,
    'after cycle': policy.afterCycle,
  };
  for (const [title, command] of Object.entries(hooks)) {
    if (command !== null) rows.push(['Hook', `${title}: ${command}`]);
  }
  if (group.phase !== 'unprotected' || group.lastTest !== undefined) rows.push(['Tested', testLine(page, group)]);
  return rows.flatMap(([title, text]) => hang(page.paint.faint(pad(title, 8, 'left')), text, page));
}

function cutOffLines(page: Page, { name, cutOff, byClock }: GroupView): string[] {
  if (cutOff === undefined) return [];
  const { was, resume, rollback } = cutOff;
  return [
    ...hang('  ', was, page),
    ...hang('  resume    ', resume.join(' '), page),
    ...(rollback.length === 0 ? [] : hang('  rollback  ', rollback.join(' '), page)),
    ...(byClock?.does === 'try-again' ? hang('  ', tryAgainWords(byClock.at, name, page.now.getTime()), page) : []),
  ];
}

function pairTable(page: Page, group: GroupView): string[] {
  const columns = [
    { title: 'PAIR' },
    { title: `PRIMARY, ${group.primarySite.name}`, wraps: true },
    { title: `RECOVERY, ${group.recoverySite.name}`, wraps: true },
    { title: 'SIZE', align: 'right' },
    { title: 'MIRROR' },
    { title: 'RELATIONSHIP' },
  ] as const;
  const levels = { mirrored: 'good', uninitialized: 'unknown', broken: 'warn' } as const;
  const rows = [...group.pairs, ...(group.joining ?? [])].map((pair) => [
    pair.id,
    pair.primaryPath,
    pair.recoveryPath,
    formatBytes(pair.sizeBytes),
    mark(page, levels[pair.mirrorState], pair.mirrorState),
    pair.relationshipStatus,
  ]);
  return table(page, columns, rows);
}

function storeTable(page: Page, group: GroupView): string[] {
  const columns = [
    { title: 'SITE' },
    { title: 'STORE', wraps: true },
    { title: 'STATE' },
    { title: 'DETAIL', wraps: true },
  ] as const;
  const levels: Readonly<Record<StoreView['state'], Level>> = {
    read: 'good',
    unread: 'unknown',
    stale: 'warn',
    damaged: 'bad',
    'too-new': 'bad',
  };
  const rows = group.stores.map((store) => {
    const name = group.primarySite.letter === store.site ? group.primarySite.name : group.recoverySite.name;
    return [
      page.paint.site(store.site, `${store.site} ${name}`),
      store.path,
      mark(page, levels[store.state], store.state),
      store.detail,
    ];
  });
  return table(page, columns, rows);
}

function allowed(page: Page, group: GroupView): string[] {
  const names = group.actions.filter((action) => action.allowed).map((action) => action.operation);
  return names.length === 0 ? [] : hang('  ', names.join(', '), page);
}

function refused(page: Page, group: GroupView): string[] {
  const actions = group.actions.filter((action) => !action.allowed);
  const widest = Math.max(0, ...actions.map((action) => action.operation.length));
  return actions.flatMap((action) => hang(`  ${pad(action.operation, widest, 'left')}  `, action.reason, page));
}

function health(page: Page, group: GroupView): string {
  return mark(page, healthLevels[group.health.level], group.health.level);
}

function behind(group: GroupView): string {
  return group.rpo.actualSeconds === null ? 'unknown' : formatSeconds(group.rpo.actualSeconds);
}
