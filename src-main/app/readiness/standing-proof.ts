/** Whether a proof of readiness still stands, and what of it a group's health is to say. */
import type { GroupView, Health } from '../../contract/groups.ts';
import {
  contentChanged,
  provedNow,
  wayWords,
  type Configuration,
  type Readiness,
  type ReadinessSchedule,
  type Way,
  type WayProof,
} from '../../contract/readiness.ts';
import { describeSeconds } from '../../contract/wording.ts';

/** How old a proof may be before it stands for nothing, as a multiple of how often it is made. */
const roundsAllowed = 2;
/** The same where nothing is proved by the clock, hours. */
const hoursAllowed = 7 * 24;
/** A proof may be dated so much later than now by a clock that was put right, milliseconds. */
const futureAllowed = 5 * 60_000;

const changes: readonly [keyof Configuration, string][] = [
  ['sides', 'Production changed sides, or that was accepted or taken back, since the last look.'],
  ['settings', 'The paths, the plan or the commands were changed since the last look.'],
  ['machine', 'The last look was made on another machine.'],
  ['replicaSide', "On the replica's side the store or a volume is not as it was at the last look, or does not answer."],
  ['content', contentChanged],
  ['cutOff', contentChanged],
  [
    'productionSide',
    "On production's side the store or a volume is not as it was at the last look, or does not answer.",
  ],
];

export interface Present {
  configuration: Configuration;
  program: string;
  schedule: ReadinessSchedule;
  /** Milliseconds since the epoch. */
  now: number;
}

/** Why there has to be another look, for a failover and for what needs both sides. */
export function whyAgain(kept: Pick<Readiness, 'proof' | 'failure'>, present: Present): Readiness['again'] {
  const outlived = whyOutlived(kept, present);
  const changed = changes.filter(([key]) => isAnother(key, kept.proof?.configuration, present.configuration));
  const ofReplica = changed.find(([key]) => key !== 'productionSide');
  return { failover: outlived ?? ofReplica?.[1] ?? null, both: outlived ?? changed[0]?.[1] ?? null };
}

/** While a cycle goes on it is not known whether there will be one cut off: what was found before stands until then. */
function isAnother(key: keyof Configuration, before: Configuration | undefined, now: Configuration): boolean {
  return before?.[key] !== now[key] && (key !== 'cutOff' || now.cutOff !== undefined);
}

/** What ends a proof whatever it rests on, as a sentence; null where nothing does. */
function whyOutlived(
  { proof, failure }: Pick<Readiness, 'proof' | 'failure'>,
  { program, schedule, now }: Present,
): string | null {
  // A look that came to nothing says that it is not known, whatever was known before.
  if (failure !== null) return `The last look came to no end: ${failure.error.message}`;
  if (proof === null) return 'It was not looked at yet.';
  if (proof.program !== program) return `Sitepair is another version than at the last look (${proof.program}).`;
  const age = now - Date.parse(proof.at);
  if (age < -futureAllowed) return 'The last look is dated in the future: a clock was set back.';
  const hours = schedule.everyHours === null ? hoursAllowed : roundsAllowed * schedule.everyHours;
  if (age <= hours * 3_600_000) return null;
  return `The last look is ${describeSeconds(age / 1000)} old, and stands for ${describeSeconds(hours * 3600)}.`;
}

/** The view of a group with its readiness, and with what its health is to say of it. */
export function withReadiness(view: GroupView, readiness: Readiness): GroupView {
  const critical = reasonOf(readiness, 'failover');
  const warning = reasonOf(readiness, 'way-back');
  return { ...view, readiness, health: worse(view.health, critical, warning) };
}

function reasonOf(readiness: Readiness, way: Way): string | null {
  const proof = provedNow(readiness, way);
  return proof?.state === 'blocked' ? blockedWords(proof) : null;
}

/** That a way would be blocked or wants the operator's word: "A failover to Hall B would be blocked: ...". */
export function blockedWords(proof: WayProof): string {
  const { way, to, findings } = proof;
  const what = way === 'way-back' ? `The way back to ${to}` : `A ${way.replace('-', ' ')} to ${to}`;
  const found = findings.filter(({ blocks }) => blocks).map((one) => one.found);
  return `${what} ${wayWords(proof)}: ${found.join(' ')}`;
}

function worse({ level, reasons }: Health, critical: string | null, warning: string | null): Health {
  if (critical === null && warning === null) return { level, reasons };
  // What is critical comes first; where nothing was, all that was there is less urgent.
  const first = critical === null ? [] : [critical];
  const last = warning === null ? [] : [warning];
  const worst = critical !== null ? 'critical' : level === 'ok' ? 'warning' : level;
  return {
    level: worst,
    reasons: level === 'critical' ? [...reasons, ...first, ...last] : [...first, ...reasons, ...last],
  };
}
