/**
 * The recovery plan of a group, as its stores keep it: the text that the operator gave, in a file of its own in both of
 * them, so that it survives the loss of either site and of the catalog. The newer of two counts.
 */
import { z } from 'zod';
import { SitepairError } from '../../contract/errors.ts';
import type { Plan } from '../../contract/plan.ts';
import type { SiteLetter } from '../../contract/phases.ts';
import type { Disk } from '../../store/disk.ts';
import { planName } from '../../store/file-names.ts';
import { makeBook, readBook, writeBook } from '../../store/slot-book.ts';
import { asReport } from '../errors.ts';
import type { OpenGroup } from '../group.ts';
import { sites } from '../registration.ts';
import { parsePlan } from './parse.ts';
import { inEach } from './step-books.ts';

const pageSchema = z.object({
  format: z.literal(1),
  version: z.number().int().positive(),
  at: z.iso.datetime(),
  operator: z.string(),
  text: z.string(),
});

/** Kept for a plan, bytes: the longest one fits, however much of it JSON has to escape. */
const bookBytes = 1 << 18;

export interface KeptPlan extends z.infer<typeof pageSchema> {
  plan: Plan;
}

function read(disk: Disk): KeptPlan | null {
  const page = readBook(disk, planName);
  if (page === null) return null;
  const parsed = pageSchema.safeParse(JSON.parse(page.payload));
  if (parsed.success) return { ...parsed.data, plan: parsePlan(parsed.data.text) };
  throw new SitepairError({
    code: 'store-damaged',
    message: `The plan in ${disk.path} cannot be understood; perhaps a newer Sitepair wrote it.`,
    where: disk.path,
    remedy: 'Use the Sitepair that wrote it, or set the plan of the group anew with plan set.',
  });
}

/** The store's disk of each site that can be used. */
function disksOf(group: OpenGroup): Disk[] {
  return sites.flatMap((site) => diskOf(group, site) ?? []);
}

function diskOf(group: OpenGroup, site: SiteLetter): Disk | null {
  const { store, state } = group.sides[site];
  return state === 'read' ? (store?.disk ?? null) : null;
}

/** What the stores say: the newest plan that can be read, and what is wrong with the copies that cannot. */
export function lookForPlan(group: OpenGroup): { kept: KeptPlan | null; damage: string | null } {
  let kept: KeptPlan | null = null;
  let damage: string | null = null;
  for (const disk of disksOf(group)) {
    try {
      const found = read(disk);
      if (found !== null && (kept === null || isNewer(found, kept))) kept = found;
    } catch (error) {
      damage ??= asReport(error).message;
    }
  }
  return { kept, damage };
}

function isNewer(a: KeptPlan, b: KeptPlan): boolean {
  return a.version === b.version ? a.at > b.at : a.version > b.version;
}

/** The plan of a group; null where it has none, or none can be read. */
export function planOf(group: OpenGroup): Plan | null {
  return lookForPlan(group).kept?.plan ?? null;
}

/**
 * Writes a plan into every store that can be used; one that cannot gets it with `carryPlan`. The group is locked.
 * Throws what the stores throw, and where none can be used what `storeOf` does.
 */
export function keepPlan(group: OpenGroup, text: string, version: number, operator: string): void {
  const disks = disksOf(group);
  if (disks.length === 0) group.storeOf(group.replicaSite);
  const page = pageSchema.parse({ format: 1, version, at: group.now().toISOString(), operator, text });
  for (const disk of disks) put(disk, page);
}

/**
 * Brings a store up to date that was out of reach when the plan was set, or is new. The group is locked. Throws what
 * the first store throws, after all had it.
 */
export function carryPlan(group: OpenGroup): void {
  const { kept } = lookForPlan(group);
  if (kept === null) return;
  inEach(disksOf(group), (disk) => {
    if (serialOf(disk) !== kept.version) put(disk, pageSchema.parse(kept));
  });
}

/** The version that a store has; 0 for none, or one that cannot be read. */
function serialOf(disk: Disk): number {
  try {
    return read(disk)?.version ?? 0;
  } catch {
    return 0;
  }
}

function put(disk: Disk, page: z.infer<typeof pageSchema>): void {
  makeBook(disk, planName, bookBytes);
  writeBook(disk, planName, { serial: page.version, payload: JSON.stringify(page) });
}
