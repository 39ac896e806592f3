/** What targets that are filled hold already: the targets of a seed, and the new volumes of a reprotect. */
import { describeBytes } from '../../contract/wording.ts';
import type { PairDefinition } from '../../store/record.ts';
import { firstData } from '../first-data.ts';
import { describeIfThere } from '../operations/targets.ts';
import { type CheckInput, keptPairs } from './check.ts';

export interface HeldData {
  /** At most; 0 where all are blank, or will be made. */
  bytes: number;
  /** "at most 293 KiB: /b/one.img (first at byte 200000)". */
  said: string;
}

/** Looks for data in the targets of these pairs. */
export async function heldData(
  { context, scope, group }: CheckInput,
  pairs: readonly PairDefinition[],
): Promise<HeldData> {
  const holding: string[] = [];
  let bytes = 0;
  for (const pair of pairs) {
    const path = pair.paths[scope.written ?? group.replicaSite];
    const size = describeIfThere(context.platform, path)?.sizeBytes;
    if (size === undefined) continue;
    const first = await firstData(context, path, pair.sizeBytes);
    if (first === null) continue;
    holding.push(`${path} (first at byte ${first})`);
    bytes += Math.min(size, pair.sizeBytes);
  }
  return { bytes, said: `at most ${describeBytes(bytes)}: ${holding.join(', ')}` };
}

/** Looks for data in the volumes that a reprotect is given in the place of old ones. */
export function heldByNew(input: CheckInput): Promise<HeldData> {
  const kept = keptPairs(input);
  return heldData(
    input,
    input.scope.pairs.filter((pair) => !kept.includes(pair)),
  );
}
