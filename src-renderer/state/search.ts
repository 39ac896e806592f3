/** What the search finds: pages, groups, volumes, operations and runs, each with where it leads. */
import type { GroupView } from '../../src-main/contract/groups.ts';
import type { Run } from '../../src-main/contract/runs.ts';
import { outcomeWords } from '../../src-main/contract/wording.ts';
import type { Place } from './address.ts';
import { deed, operationWords, phaseOf, siteName, timeAndAge } from './wording.ts';

export interface Finding {
  /** Unlike that of any other. */
  key: string;
  title: string;
  /** What it is, in a few words. */
  note: string;
  place: Place;
  /** Paths are set in the type of paths. */
  mono?: boolean;
}

export interface Section {
  title: string;
  findings: Finding[];
}

/** Findings of a section that are shown at most, but for pages; more words find the others. */
const shown = 6;

interface Candidate extends Finding {
  /** What it is found by, beside its title. */
  words: string;
  /** The lower, the further up. */
  rank: number;
}

const pages: readonly { title: string; note: string; place: Place; words: string }[] = [
  { title: 'Overview', note: 'page', place: { view: 'overview' }, words: 'sites home' },
  { title: 'Groups', note: 'page', place: { view: 'groups' }, words: '' },
  {
    title: 'Failover plans',
    note: 'several groups as one',
    place: { view: 'plans' },
    words: 'priorities order site lost',
  },
  { title: 'Volumes of this machine', note: 'page', place: { view: 'volumes' }, words: 'disks devices' },
  { title: 'Runs', note: 'page', place: { view: 'runs' }, words: 'history' },
  { title: 'Audit', note: 'page', place: { view: 'audit' }, words: 'log chain' },
  {
    title: 'Settings',
    note: 'page',
    place: { view: 'settings' },
    words: 'light dark theme version alerts notifications command mail syslog cycles by the clock schedule',
  },
  { title: 'Protect volumes', note: 'makes a new group', place: { view: 'protect' }, words: 'create add' },
  { title: 'Verify all', note: 'all groups, one after the other', place: { view: 'verify-all' }, words: 'check' },
  { title: 'Bring a group in from its store', note: 'page', place: { view: 'adopt' }, words: 'adopt take over import' },
  { title: 'What was saved of a side', note: 'page', place: { view: 'salvage' }, words: 'salvage compare copy' },
  { title: 'Try a drill', note: 'a disaster on sample volumes', place: { view: 'drill' }, words: 'test rehearse' },
];

/** The words of a query, in lower case. */
export function wordsOf(query: string): string[] {
  return query
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
}

function section(title: string, words: readonly string[], candidates: readonly Candidate[], most = shown): Section {
  const [first = ''] = words;
  const begins = (one: Candidate): number => (one.title.toLowerCase().startsWith(first) ? 0 : 1);
  const findings = candidates
    .filter((one) => {
      const text = `${one.title} ${one.words}`.toLowerCase();
      return words.every((word) => text.includes(word));
    })
    .sort((a, b) => a.rank - b.rank || begins(a) - begins(b))
    .slice(0, most)
    .map(({ key, title: name, note, place, mono = false }) => ({ key, title: name, note, place, mono }));
  return { title, findings };
}

function pageCandidates(): Candidate[] {
  return pages.map((page) => ({ ...page, key: `page ${page.title}`, rank: 0 }));
}

function groupCandidates(groups: readonly GroupView[]): Candidate[] {
  return groups.map((group) => {
    const production = group.activeSite === null ? '' : `, production at ${siteName(group, group.activeSite)}`;
    return {
      key: `group ${group.name}`,
      title: group.name,
      note: `group: ${phaseOf(group).toLowerCase()}${production}`,
      place: { view: 'group', name: group.name },
      words: 'group',
      rank: 0,
    };
  });
}

/** What the settings of a group are looked for by. */
const groupSettings =
  'settings policy target rpo age minutes points to keep limit bandwidth quiet hours reason commands hooks before after cycle stopped check volumes paths stores pairs remove plan';

function settingsCandidates(groups: readonly GroupView[]): Candidate[] {
  return groups.map(({ name }) => ({
    key: `settings ${name}`,
    title: `Settings of ${name}`,
    note: 'target, points, limit, commands, paths',
    place: { view: 'group-settings', name },
    words: groupSettings,
    rank: 0,
  }));
}

function volumeCandidates(groups: readonly GroupView[]): Candidate[] {
  return groups.flatMap((group) =>
    group.pairs.flatMap((pair) =>
      (['primary', 'recovery'] as const).map((role): Candidate => ({
        key: `volume ${group.name} ${pair.id} ${role}`,
        title: role === 'primary' ? pair.primaryPath : pair.recoveryPath,
        note: `volume of ${group.name} at ${siteName(group, role)}`,
        place: { view: 'group', name: group.name },
        mono: true,
        words: `volume ${group.name}`,
        rank: 0,
      })),
    ),
  );
}

/** Operations that are not allowed are found after the others, and lead to their group. */
function operationCandidates(groups: readonly GroupView[]): Candidate[] {
  return groups.flatMap((group) =>
    group.actions
      .filter(({ operation }) => operation !== 'drop-point')
      .filter(({ operation }) => operation !== 'test-cleanup' || group.testFailover === 'cleanup-needed')
      .map(({ operation, allowed, reason }): Candidate => ({
        key: `operation ${operation} ${group.name}`,
        title: `${operationWords[operation] ?? operation} ${group.name}`,
        note: allowed ? 'opens the wizard, nothing begins yet' : `not now: ${reason}`,
        place: allowed ? { view: 'wizard', operation, name: group.name } : { view: 'group', name: group.name },
        words: operation,
        rank: allowed ? 0 : 1,
      })),
  );
}

/** Runs that the catalog found. Milliseconds since the epoch say how old they are. */
export function runSection(runs: readonly Run[], now: number): Section {
  const findings = runs.slice(0, shown).map((run): Finding => ({
    key: `run ${run.id}`,
    title: `${deed(run.operation)} of ${run.groupName}`,
    note: `run of ${timeAndAge(run.startedAt, now)}: ${run.outcome === null ? 'goes on' : outcomeWords[run.outcome]}`,
    place: { view: 'run', id: run.id },
  }));
  return { title: 'Runs', findings };
}

/** What is found in the window itself. Without a query: where one can go. */
export function sectionsOf(query: string, groups: readonly GroupView[]): Section[] {
  const words = wordsOf(query);
  const places = [
    section('Groups', words, groupCandidates(groups)),
    section('Pages', words, pageCandidates(), pages.length),
  ];
  const operations = section('Operations', words, operationCandidates(groups));
  // Who types the name of a group, and nothing else, wants the group.
  const named = groups.some(({ name }) => name.toLowerCase() === query.trim().toLowerCase());
  const sections =
    words.length === 0
      ? places
      : [
          ...(named ? [...places, operations] : [operations, ...places]),
          section('Settings', words, settingsCandidates(groups)),
          section('Volumes', words, volumeCandidates(groups)),
        ];
  return sections.filter(({ findings }) => findings.length > 0);
}
