/** Which groups can fail over and come back, as it was proved. */
import { wayBackWords, type FailoverStanding, type FailoverSummary } from '../../../contract/can-fail-over.ts';
import { waysOf, whyNoFailover } from '../../../contract/ways-of.ts';
import type { GroupView } from '../../../contract/groups.ts';
import {
  againOf,
  isOpen,
  provedNow,
  wayTitle,
  wayWords,
  type Readiness,
  type WayProof,
} from '../../../contract/readiness.ts';
import { formatMoment } from '../times.ts';
import { testLine } from './last-test.ts';
import { mark, section, type Level, type Page } from './page.ts';
import { hang } from './text.ts';

const levels: Readonly<Record<WayProof['state'], Level>> = {
  ready: 'good',
  warnings: 'warn',
  blocked: 'bad',
  elsewhere: 'unknown',
};

export interface ToldGroup {
  group: GroupView;
  standing: FailoverStanding;
  /** Whether it can fail over now, and come back. */
  ready: boolean;
}

/** The lines of `readiness`; `everyHours`: null where nothing is looked at by the clock. */
export function readinessLines(
  page: Page,
  summary: FailoverSummary,
  groups: readonly ToldGroup[],
  everyHours: number | null,
): string[] {
  if (groups.length === 0) return ['No groups yet. Make one with group create, or bring one back with group adopt.'];
  const often = everyHours === null ? 'Nothing is looked at by the clock' : `Looked at every ${everyHours} h`;
  return [
    `${summary.headline}.${summary.can === 0 ? '' : ` ${wayBackWords(summary)}`}`,
    `${often} where a window is open or the service runs; to look now: --now`,
    ...groups.flatMap((told) => section(page, told.group.name, groupLines(page, told))),
  ];
}

/** Failover and way back of a group, as one line. */
export function readyLine(page: Page, readiness: Readiness): string {
  const { proof, again } = readiness;
  if (proof === null) return `${mark(page, 'unknown', 'to be checked')}: ${again.both ?? ''}`;
  const said = proof.ways
    .filter(({ way }) => way !== 'planned-failover')
    .map((way) => {
      const holds = againOf(readiness, way.way) === null;
      const state = holds ? wayWords(way) : 'to be checked again';
      return mark(page, holds ? levels[way.state] : 'unknown', `${wayTitle(way)}: ${state}`);
    });
  return `${said.join('; ')}; see sitepair readiness`;
}

function groupLines(page: Page, told: ToldGroup): string[] {
  const { group, standing } = told;
  // What the checks say of the failover stands with its way.
  const against = standing.state === 'cannot' && isOpen(provedNow(group.readiness, 'failover'));
  return [
    ...(against ? hang(`  ${mark(page, 'bad', 'cannot fail over now')}  `, standing.why, page) : []),
    ...provedLines(page, group),
    ...hang('  Tested: ', testLine(page, group), page),
  ];
}

function provedLines(page: Page, group: GroupView): string[] {
  const { readiness, phase } = group;
  if (readiness === undefined) {
    return [`  ${mark(page, 'unknown', `nothing to prove while the group is ${phase}`)}`];
  }
  const { proof, again } = readiness;
  const noFailover = whyNoFailover(group);
  const none = noFailover === null ? [] : hang('  ', noFailover, page);
  if (proof === null) {
    const ways = waysOf(group).map((way) => `  ${mark(page, 'unknown', `${wayTitle(way)}: to be checked`)}`);
    return [...ways, ...hang('  ', again.both ?? '', page), ...none];
  }
  const looked = `Looked at ${formatMoment(proof.at, page.now)} by ${proof.operator}`;
  return [
    `  ${page.paint.faint(looked)}`,
    ...proof.ways.flatMap((way) => {
      const why = againOf(readiness, way.way);
      if (why !== null) {
        return hang(`  ${mark(page, 'unknown', `${wayTitle(way)}: to be checked again`)}  `, why, page);
      }
      return wayLines(page, way);
    }),
    ...none,
  ];
}

function wayLines(page: Page, way: WayProof): string[] {
  const of = way.passed + way.findings.length;
  const head = `${wayTitle(way)}: ${wayWords(way)}`;
  return [
    `  ${mark(page, levels[way.state], head)}, ${way.passed} of ${of} checks passed`,
    ...way.findings.flatMap(({ id, found, remedy }) => [
      ...hang(`      ${id}: `, found, page),
      ...(remedy === '' ? [] : hang('      To do: ', remedy, page)),
    ]),
    ...way.later.flatMap((one) => hang('      Only then: ', one, page)),
  ];
}
