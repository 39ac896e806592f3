/** What happened since the window was opened: shown for a while or until it is closed, and kept in a list. */
import type { GroupView } from '../../src-main/contract/groups.ts';
import type { PlayedDrill } from '../../src-main/contract/drill.ts';
import { formatSeconds } from '../../src-main/contract/figures.ts';
import type { Run } from '../../src-main/contract/runs.ts';
import { schedulerName } from '../../src-main/contract/schedule.ts';
import { outcomeWords } from '../../src-main/contract/wording.ts';
import type { Place } from './address.ts';
import { subscribe } from './api.ts';
import { changing } from './attention.ts';
import { isOver, NewsWatch, resumeOf, toldByItsRun, type News, type Wait } from './news.ts';
import { place } from './place.svelte.ts';
import { bytes, deed, healthLevels, outcomeLevels } from './wording.ts';

export interface Notice {
  id: number;
  at: string;
  level: 'ok' | 'warn' | 'bad';
  title: string;
  text: string;
  /** Where it leads. */
  place: Place;
  /** Shown until the operator closes it. */
  stays: boolean;
  /** What it tells of; null for what is no news of a group or a run. */
  news: News | null;
}

type Said = Omit<Notice, 'id' | 'at' | 'news'>;

/** Notices that the list keeps. */
const kept = 50;
/** Notices that are shown at a time: what a newer one takes the place of is in the list. */
const shownAtMost = 3;
/** How long one is shown that does not stay, milliseconds. */
const shownFor = 8000;

const watch = new NewsWatch();
let list = $state.raw<Notice[]>([]);
let shown = $state.raw<Notice[]>([]);
let unseen = $state.raw<Notice[]>([]);
let last = 0;

/** Whether the page at hand, or another notice of the same moment, says it anyway: nothing is told twice. */
function isTold(news: News, runs: readonly Run[], now: Place): boolean {
  if (news.kind === 'health') {
    const { name } = news.group;
    // The overview and the list of groups say the health of every group.
    if (now.view === 'overview' || now.view === 'groups') return true;
    const here = (now.view === 'wizard' || now.view === 'group') && now.name === name;
    return here || toldByItsRun(name, runs, Date.now());
  }
  const { run } = news.kind === 'waits' ? news.wait : news;
  if (now.view === 'wizard') return now.name === run.groupName && now.operation === run.operation;
  if (now.view === 'verify-all') return run.operation === 'verify';
  return now.view === 'run' && now.id === run.id;
}

/** What failed or was blocked is shown until it is closed. */
function staysOpen({ outcome }: Run): boolean {
  return outcome !== 'succeeded' && outcome !== 'cancelled';
}

/** What was cut off and is gone on with already, which wants nobody. */
function noticeOfResumed(run: Run, by: Run): Said {
  const place = { view: 'run', id: by.id } as const;
  // What goes on by the clock is a cycle: whoever has stopped production must not wait for the rest, or count on it.
  if (by.operator === schedulerName && changing.includes(run.operation)) {
    return {
      level: 'warn',
      title: `${deed(run.operation)} of ${run.groupName} was interrupted, and was not carried out`,
      text: `Its last cycle is being finished, by the clock. Production stays where it was: the ${deed(run.operation)} itself does not go on.`,
      place,
      stays: true,
    };
  }
  return {
    level: 'warn',
    title: `${deed(run.operation)} of ${run.groupName} was interrupted, and is gone on with`,
    text: 'A resume of it is under way.',
    place,
    stays: false,
  };
}

function noticeOfRun(run: Run, afterAll: boolean): Said {
  const outcome = run.outcome ?? 'interrupted';
  const moved =
    run.bytesCompared === 0 && run.bytesWritten === 0
      ? 'Done'
      : `${bytes(run.bytesCompared)} compared, ${bytes(run.bytesWritten)} written`;
  return {
    level: outcomeLevels[outcome],
    title: `${deed(run.operation)} of ${run.groupName} ${outcomeWords[outcome]}${afterAll ? ' after all' : ''}`,
    text: run.error?.message ?? `${moved} in ${formatSeconds(run.seconds)}.`,
    place: { view: 'run', id: run.id },
    stays: staysOpen(run),
  };
}

function noticeOfWait({ run, waiting }: Wait): Said {
  const verb = waiting.kind === 'manual' ? 'waits for you' : 'asks what to do';
  return {
    level: 'warn',
    title: `${deed(run.operation)} of ${run.groupName} ${verb}`,
    text: waiting.text,
    place: { view: 'run', id: run.id },
    stays: true,
  };
}

function saidOf(news: News, runs: readonly Run[]): Said {
  if (news.kind === 'waits') return noticeOfWait(news.wait);
  if (news.kind === 'health') return noticeOfHealth(news.group);
  const by = resumeOf(news.run, runs);
  return by === null ? noticeOfRun(news.run, news.afterAll) : noticeOfResumed(news.run, by);
}

/** A notice as it is to be read now: a resume of what was cut off may have begun, or ended, since it was told. */
function retold(notice: Notice, runs: readonly Run[]): Notice {
  const { news } = notice;
  if (news?.kind !== 'run' || news.run.outcome !== 'interrupted') return notice;
  const said = saidOf(news, runs);
  return said.title === notice.title ? notice : { ...notice, ...said };
}

function noticeOfHealth({ name, health }: GroupView): Said {
  return {
    level: healthLevels[health.level],
    title: health.level === 'critical' ? `${name} needs you` : `${name}: look at it`,
    text: health.reasons[0] ?? '',
    place: { view: 'group', name },
    stays: health.level === 'critical',
  };
}

function noticeOfDrill({ report, error }: PlayedDrill): Said {
  const well = report.verdict === 'succeeded';
  return {
    level: well ? 'ok' : 'bad',
    title: well ? 'The drill succeeded' : 'The drill failed',
    text: error?.message ?? `${report.steps.length} steps in ${formatSeconds(report.seconds)}; every proof holds.`,
    place: { view: 'drill' },
    stays: !well,
  };
}

/** Keeps what is said in the list, and shows it where it is not told yet. */
function add(said: Said, told: boolean, news: News | null = null): void {
  last += 1;
  const notice = { ...said, id: last, at: new Date().toISOString(), news };
  list = [notice, ...list].slice(0, kept);
  if (told) return;
  unseen = [...unseen, notice];
  shown = [...shown, notice].slice(-shownAtMost);
  if (!notice.stays) setTimeout(() => notices.close(notice.id), shownFor);
}

/** Begins to hear how drills end. Called once, when the window opens. */
export function beginNotices(): void {
  subscribe('drill.changed', (drill) => {
    if (drill.state !== 'ended' || drill.report.verdict === 'cancelled') return;
    add(noticeOfDrill(drill), place.now.view === 'drill');
  });
}

export const notices = {
  /** All of this session, newest first. */
  get list(): Notice[] {
    return list;
  },
  /** Those that are shown now, oldest first. */
  get shown(): Notice[] {
    return shown;
  },
  /** How many came since the list was last looked at. */
  get unseen(): number {
    return unseen.length;
  },
  /** Told of every reading of groups and runs. */
  look(groups: readonly GroupView[], runs: readonly Run[], waits: readonly Wait[]): void {
    const found = watch.look(groups, runs, Date.now(), waits);
    const again = (notice: Notice): Notice => retold(notice, runs);
    [list, shown, unseen] = [list.map(again), shown.map(again), unseen.map(again)];
    for (const news of found) add(saidOf(news, runs), isTold(news, runs, place.now), news);
    // What is mended wants nobody any more; that it was is in the list.
    const lasts = ({ news }: Notice): boolean => news === null || !isOver(news, groups, runs, waits);
    if (!shown.every(lasts)) shown = shown.filter(lasts);
    if (!unseen.every(lasts)) unseen = unseen.filter(lasts);
  },
  /** Tells what was done, where the page that did it goes away with it. */
  tell(said: Said): void {
    add(said, false);
  },
  close(id: number): void {
    shown = shown.filter((notice) => notice.id !== id);
  },
  /** The list is being looked at. */
  seen(): void {
    unseen = [];
  },
};
