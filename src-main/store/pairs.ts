/**
 * Which pairs a group has at a moment: those that its points are made of, those that were added and wait for their
 * first cycle, and those that an open cycle brings over. What a cycle changes of them becomes true with its point, in
 * the same write of the record: a cycle that is cut off or taken back has changed nothing.
 */
import type { GroupDefinition, PairDefinition, SiteRecord, StoredPoint } from './record.ts';

/** All pairs whose volumes belong to the group, whether they are in its points yet or not. */
export function allPairs({ pairs, joining }: Pick<GroupDefinition, 'pairs' | 'joining'>): PairDefinition[] {
  return [...pairs, ...joining.map(pairOnly)];
}

/**
 * In the order that journals have, and figures are kept in. A definition has another one where a pair waited for its
 * first cycle longer than one that was added later.
 */
export function byNumber<Numbered extends { number: number }>(pairs: readonly Numbered[]): Numbered[] {
  return [...pairs].sort((a, b) => a.number - b.number);
}

/** The paths of both sides' volumes. */
export function volumePaths(pairs: readonly PairDefinition[]): string[] {
  return pairs.flatMap(({ paths }) => Object.values(paths));
}

function pairOnly({ number, id, sizeBytes, paths }: PairDefinition): PairDefinition {
  return { number, id, sizeBytes, paths };
}

/** The group as the open cycle leaves it: with the pairs that join, and with the new sizes. Without one, as it is. */
export function definitionAtWork({
  definition,
  receiving,
}: Pick<SiteRecord, 'definition' | 'receiving'>): GroupDefinition {
  const open = receiving?.pairs ?? [];
  const isOpen = ({ number }: PairDefinition): boolean => open.some((one) => one.number === number);
  const pairs = [...definition.pairs, ...definition.joining.filter(isOpen).map(pairOnly)];
  return {
    ...definition,
    pairs: pairs.map((pair) => ({
      ...pair,
      sizeBytes: open.find(({ number }) => number === pair.number)?.sizeBytes ?? pair.sizeBytes,
    })),
    joining: definition.joining.filter((pair) => !isOpen(pair)),
  };
}

/** What completing the open cycle changes of the group and of the points before it; nothing where no pair changes. */
export function changedByCycle(record: SiteRecord): Partial<Pick<SiteRecord, 'definition' | 'points'>> {
  const { definition, points } = record;
  const after = definitionAtWork(record);
  const joined = after.pairs.filter(({ number }) => !definition.pairs.some((one) => one.number === number));
  const grown = definition.pairs.filter(
    ({ number, sizeBytes }) => after.pairs.find((one) => one.number === number)?.sizeBytes !== sizeBytes,
  );
  if (joined.length === 0 && grown.length === 0) return {};
  return {
    definition: { ...after, version: definition.version + 1 },
    points: points.map((point) => ({
      ...point,
      lacks: [...point.lacks, ...joined.map(({ number }) => number)],
      shorter: [...shorterThan(point), ...grown.filter(({ number }) => !isShorter(point, number)).map(sizeOf)],
    })),
  };
}

function shorterThan({ shorter = [] }: StoredPoint): NonNullable<StoredPoint['shorter']> {
  return shorter;
}

function isShorter(point: StoredPoint, pair: number): boolean {
  return shorterThan(point).some(({ number }) => number === pair);
}

function sizeOf({ number, sizeBytes }: PairDefinition): { number: number; sizeBytes: number } {
  return { number, sizeBytes };
}

/** The number of the next pair. */
export function nextNumber(definition: GroupDefinition): number {
  return 1 + Math.max(definition.lastNumber, ...allPairs(definition).map(({ number }) => number));
}

/** Numbers of the pairs that were taken out: journals may name them still, and nothing is read or written for those. */
export function numbersTakenOut(definition: GroupDefinition): number[] {
  const present = new Set(allPairs(definition).map(({ number }) => number));
  return Array.from({ length: definition.lastNumber }, (_, n) => n + 1).filter((number) => !present.has(number));
}
