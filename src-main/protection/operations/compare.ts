/**
 * compare: both sides of a group after a failover, or after both were promoted, held against the last point that both
 * come from. It says which side changed what since, and what keeping either side would lose. Nothing is written, at
 * neither site, so it can be asked before a side is chosen.
 */
import type { SiteLetter } from '../../contract/phases.ts';
import type { Comparison } from '../../contract/comparison.ts';
import { describeBytes } from '../../contract/wording.ts';
import { isAnother, type Tally } from '../../store/as-mapped.ts';
import { journalsOfPoint, openJournals, type Journal } from '../../store/journal-reader.ts';
import { byNumber } from '../../store/pairs.ts';
import { comparePoints, type PairDefinition, type PointKey } from '../../store/record.ts';
import { commonPoint, type CommonPoint } from '../both-written.ts';
import { PairTally, totalOf } from '../comparison-tally.ts';
import { basisOf, choicesOf, comparedTo, siteOfRole, waysOn } from '../comparison-words.ts';
import { compareSides } from '../cycle/compare-sides.ts';
import { asReport } from '../errors.ts';
import type { OpenGroup } from '../group.ts';
import { marksOf, saidOf } from '../marks.ts';
import { sites } from '../registration.ts';
import { announcePairs, warnOf, type RunContext } from '../run-context.ts';
import { assertSavable, saveSide, type DifferingChunks } from '../salvage/save.ts';
import { otherSite } from '../states.ts';
import type { OperationOutcome } from './outcome.ts';
import { describeIfItAnswers } from './targets.ts';

/** The points after the common one, which its side gave up by going back to that: newest last, with their journals. */
function openNewer(
  { store, point }: CommonPoint,
  context: RunContext,
): { point: PointKey; journals: Journal[] } | null {
  const { definition, points } = store.record;
  const after = points.filter((one) => comparePoints(one, point) > 0);
  const newest = after.at(-1);
  if (newest === undefined) return null;
  const { epoch, cycle } = newest;
  try {
    const journals = openJournals(
      store.disk,
      after.flatMap((one) => journalsOfPoint(definition.id, one.undo)),
    );
    return { point: { epoch, cycle }, journals };
  } catch (error) {
    warnOf(context, 'What the failover to an older point left out cannot be told apart', error);
    return null;
  }
}

/** Volumes that hold so little of what the common point says that they can be no other than others. */
function warnOfOthers(
  group: OpenGroup,
  context: RunContext,
  tallies: ReadonlyMap<number, Record<'source' | 'target', Tally>>,
): void {
  const { primarySite, pairs } = group.definition;
  for (const pair of pairs) {
    const tally = tallies.get(pair.number);
    if (tally === undefined) continue;
    for (const [site, held] of [
      [primarySite, tally.source],
      [otherSite(primarySite), tally.target],
    ] as const) {
      if (!isAnother(held)) continue;
      context.reporter.warn(
        `${pair.paths[site]} holds hardly anything of what both sites had: it may be another volume that has got that path, or somebody has written all over it.`,
      );
    }
  }
}

/** What a side wrote beyond the size that both had, as production may grow, is in no figure and in no salvage file. */
function warnOfBeyond(group: OpenGroup, context: RunContext): void {
  const saved = context.request.salvage === undefined ? '' : ', and not saved';
  for (const { id, paths, sizeBytes } of group.definition.pairs) {
    for (const site of sites) {
      const size = describeIfItAnswers(context.platform, paths[site])?.sizeBytes ?? 0;
      if (size <= sizeBytes) continue;
      context.reporter.warn(
        `${paths[site]} has ${size} bytes, and ${id} ${sizeBytes}: what lies beyond is not compared${saved}.`,
      );
    }
  }
}

/** Who writes while both sides are read makes figures of what was read at several moments; the operator is told. */
function watchWrites(group: OpenGroup, context: RunContext): () => void {
  const look = (site: SiteLetter): ReturnType<typeof marksOf> | null => {
    try {
      return marksOf(group, context.platform, site);
    } catch {
      return null;
    }
  };
  const before = { A: look('A'), B: look('B') };
  return () => {
    for (const site of sites) {
      const [earlier, present] = [before[site], look(site)];
      if (earlier === null || present === null || saidOf(earlier, present) !== 'written') continue;
      context.reporter.warn(
        `${group.definition.siteNames[site]} was written while it was read, so its figures are of no single moment. Stop production there to have them exactly.`,
      );
    }
  };
}

/** Where the volumes lie: the primary side is the source. */
function pathsOf(group: OpenGroup): Map<number, { source: string; target: string }> {
  const { primarySite, pairs } = group.definition;
  return new Map(
    pairs.map(({ number, paths }) => [number, { source: paths[primarySite], target: paths[otherSite(primarySite)] }]),
  );
}

export async function compare(group: OpenGroup, context: RunContext): Promise<OperationOutcome> {
  const { primarySite, policy } = group.definition;
  const { salvage } = context.request;
  if (salvage !== undefined) assertSavable(context, salvage.file);
  const differing: DifferingChunks[] = [];
  const pairs = byNumber(group.definition.pairs);
  const common = commonPoint(group);
  const newer = common === null ? null : openNewer(common, context);
  const basis = { common, newer: newer?.point ?? null };
  const told = basisOf(group, basis);
  const reports = new Map(pairs.map((pair) => [pair.number, new PairTally(pair, policy.chunkSizeBytes)]));
  const writes = watchWrites(group, context);
  context.reporter.step('Comparing both sides');
  context.reporter.detail(told.said);
  announcePairs(context, pairs, primarySite);
  try {
    const tallies = await compareSides({
      steering: context.steering,
      pairs,
      chunkSize: policy.chunkSizeBytes,
      paths: pathsOf(group),
      base: common,
      newer:
        common === null || newer === null
          ? null
          : { side: common.site === primarySite ? 'target' : 'source', journals: newer.journals },
      found: (pair, from, to, found, leftOut) => {
        const kind = reports.get(pair.number)?.add(from, to, found, leftOut);
        const differs = kind !== undefined && kind !== 'unchanged' && kind !== 'same';
        if (differs && salvage !== undefined) differing.push({ pair, from, to });
      },
    });
    warnOfOthers(group, context, tallies);
    warnOfBeyond(group, context);
  } finally {
    for (const journal of newer?.journals ?? []) journal.close();
  }
  writes();
  const total = totalOf([...reports.values()].map(({ counts }) => counts));
  if (common !== null && total.unknown.chunks > 0) {
    context.reporter.warn(
      `Of ${describeBytes(total.unknown.bytes)} that differ no digest says what both sites had: the digest map in the store of ${group.definition.siteNames[common.site]} is lost there.`,
    );
  }
  const comparison: Comparison = {
    basis: told,
    pairs: pairs.flatMap((pair) => reports.get(pair.number)?.report(volumePaths(group, pair)) ?? []),
    total,
    choices: choicesOf(group, total, basis),
  };
  const outcome = { comparison, result: comparedTo(group, total), next: waysOn(group) };
  if (salvage === undefined) return outcome;
  context.reporter.step(`Saving what differs at ${group.definition.siteNames[siteOfRole(group, salvage.site)]}`);
  context.reporter.pairs([]);
  try {
    const saved = saveSide(group, context, { ...salvage, basePoint: told.point, chunks: differing });
    return { ...outcome, comparison: { ...comparison, salvage: saved } };
  } catch (error) {
    const report = asReport(error);
    if (report.code === 'cancelled') throw error;
    // What was found is not lost with a file that could not be written.
    return { ...outcome, error: report };
  }
}

function volumePaths(group: OpenGroup, pair: PairDefinition): Record<'primary' | 'recovery', string> {
  const { primarySite } = group.definition;
  return { primary: pair.paths[primarySite], recovery: pair.paths[otherSite(primarySite)] };
}
