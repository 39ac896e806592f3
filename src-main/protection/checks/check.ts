/** What a check is: one prerequisite, computed for real, with what was found, why it matters and how to fix it. */
import type { CheckId, CheckResult, CheckStatus } from '../../contract/checks.ts';
import type { Operation, SiteLetter } from '../../contract/phases.ts';
import type { PairDefinition } from '../../store/record.ts';
import type { InspectionResult } from '../cycle/inspect.ts';
import { asReport } from '../errors.ts';
import type { OpenGroup } from '../group.ts';
import { sites } from '../registration.ts';
import type { RunContext } from '../run-context.ts';

/** Which sides an operation touches. */
export interface Scope {
  operation: Operation;
  /** The site whose volumes and store are written; null where only records change. */
  written: SiteLetter | null;
  /** The site whose volumes are read; null where the other side is not needed. */
  read: SiteLetter | null;
  /** The volumes of both sites are read, and neither are written. */
  readsBoth?: true;
  /** The pairs, with replaced volumes put in. */
  pairs: PairDefinition[];
}

/** What a sample of a site's volumes against digest maps came to. */
export interface SampleResult {
  /** Estimated bytes that differ: likely, and the upper end (95 %). */
  likelyBytes: number;
  upperBytes: number;
  exact: boolean;
  /** Chunks that something could be said of. */
  looked: number;
  differingChunks: number;
  /** Where they lie, neighbours joined. */
  ranges: InspectionResult['differing'];
  /** Blocks that could not be read, of the chunks that were looked at; where those are an error there are none. */
  unreadable: InspectionResult['unreadable'];
  /** In words: "64 of 4096 chunks" or "all chunks". */
  basis: string;
}

export interface CheckInput {
  group: OpenGroup;
  context: RunContext;
  scope: Scope;
  /** What volumes were held against already, so that checks that ask the same do not read it again. */
  samples: Map<string, Promise<SampleResult | null>>;
}

export interface Finding {
  status: CheckStatus;
  found: string;
  remedy: string;
  /** What an acceptance is held against; left out: all of `found`. */
  gist?: string;
  /** Volumes that lie at another path by now. */
  moves?: NonNullable<CheckResult['moves']>;
  /** False where the operation cannot go on whatever is accepted. */
  acceptable?: false;
}

export interface Check {
  id: CheckId;
  title: string;
  why: string;
  look: (input: CheckInput) => Finding | Promise<Finding>;
}

export function pass(found: string): Finding {
  return { status: 'pass', found, remedy: '' };
}

/** The pairs whose volumes stay; one that gets a new volume is filled, as in a seed. */
export function keptPairs({ scope, context }: CheckInput): PairDefinition[] {
  const replaced = context.request.replace?.map((one) => one.pairId) ?? [];
  return scope.pairs.filter((pair) => scope.operation !== 'reprotect' || !replaced.includes(pair.id));
}

/** Whether a pair was added, and is copied by this operation for the first time. */
export function isJoining({ group, scope }: CheckInput, { number }: PairDefinition): boolean {
  return scope.operation === 'sync' && group.definition.joining.some((one) => one.number === number);
}

/** Whether a target may be missing: it is a file that the operation makes, or that the open cycle made. */
export function mayBeMade(input: CheckInput, pair: PairDefinition): boolean {
  const { group, scope } = input;
  const open = group.sides[scope.written ?? group.replicaSite].store?.record.receiving?.pairs ?? [];
  const made = open.some((one) => one.number === pair.number && one.created);
  return made || scope.operation === 'protect' || isJoining(input, pair) || !keptPairs(input).includes(pair);
}

/** A volume that an operation touches, and how. */
export interface TouchedVolume {
  pair: PairDefinition;
  site: SiteLetter;
  path: string;
  use: 'read' | 'written';
}

export function touchedVolumes(scope: Scope): TouchedVolume[] {
  const touched: TouchedVolume[] = [];
  for (const pair of scope.pairs) {
    const read = scope.readsBoth === true ? sites : scope.read === null ? [] : [scope.read];
    for (const site of read) touched.push({ pair, site, path: pair.paths[site], use: 'read' });
    if (scope.written !== null) {
      touched.push({ pair, site: scope.written, path: pair.paths[scope.written], use: 'written' });
    }
  }
  return touched;
}

/** Whether a volume is known not to answer: it may be asked for through the platform only. */
export function stalls({ platform }: RunContext, path: string): boolean {
  try {
    platform.describe(path);
    return false;
  } catch (error) {
    return asReport(error).code === 'volume-stalled';
  }
}

const severity: readonly CheckStatus[] = ['pass', 'warn', 'unknown', 'fail'];

/** All that one check found, as one finding: as bad as the worst of them, and acceptable only where all of them are. */
export function together(findings: readonly [Finding, ...Finding[]]): Finding {
  const worst = findings.reduce((a, b) => (severity.indexOf(b.status) > severity.indexOf(a.status) ? b : a));
  const told = worst.status === 'pass' ? [worst] : findings.filter(({ status }) => status !== 'pass');
  if (told.length === 1) return worst;
  const remedies = new Set(told.map(({ remedy }) => remedy.replace(/\.$/, '')).filter((remedy) => remedy !== ''));
  return {
    status: worst.status,
    found: told.map(({ found }) => found).join(' '),
    remedy: remedies.size === 0 ? '' : `${[...remedies].join('. ')}.`,
    ...(told.some(({ acceptable }) => acceptable === false) ? { acceptable: false as const } : {}),
  };
}

/** Several findings as one sentence, whether they came with a full stop or not. */
export function listed(parts: readonly string[]): string {
  return `${parts.map((part) => part.replace(/\.$/, '')).join('; ')}.`;
}

/** What a finding says of processes that this user may not look at. */
export function othersUnseen(count: number): string {
  return `this user may not see what ${count === 1 ? '1 process' : `${count} processes`} of others have open`;
}

export function siteName(input: CheckInput, site: SiteLetter): string {
  return input.group.definition.siteNames[site];
}
