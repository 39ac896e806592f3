/** What the operator chooses in an operation's wizard before its checks. */
import type { GroupView, Point } from '../../src-main/contract/groups.ts';
import type { Operation, SiteRole } from '../../src-main/contract/phases.ts';
import type { OperationRequest } from '../../src-main/contract/runs.ts';

/** What a comparison saves of one side, and where. */
export interface SalvageChoice {
  site: SiteRole;
  folder: string;
  name: string;
}

export interface Choices {
  /** Null takes the best one. */
  point: string | null;
  overwrite: boolean;
  discard: boolean;
  repair: boolean;
  /** What cannot be read of the source is passed over. */
  skipUnreadable: boolean;
  exact: boolean;
  /** Where a test failover makes its copies; empty where none is named yet. */
  directory: string;
  /** The path of a new volume for each pair that gets one; empty where it stays. */
  replace: Record<string, string>;
  /** Null: nothing is saved. */
  salvage: SalvageChoice | null;
}

/** The choice to pass over what cannot be read, as an address makes it beforehand. */
const skipPreset = 'skip-unreadable';

/** Whether an operation reads a source around what cannot be read, where that is chosen. */
export function maySkip(operation: Operation, { phase }: GroupView): boolean {
  if (operation === 'resume') return phase === 'seeding' || phase === 'interrupted';
  return operation === 'protect' || operation === 'sync';
}

/** No choice made, but for what the address presets: "point=3.0", "overwrite", "repair", "exact", "skip-unreadable". */
export function startingChoices(preset: string): Choices {
  return {
    point: preset.startsWith('point=') ? preset.slice('point='.length) : null,
    overwrite: preset === 'overwrite',
    discard: false,
    repair: preset === 'repair',
    skipUnreadable: preset === skipPreset,
    exact: preset === 'exact',
    directory: '',
    replace: {},
    salvage: null,
  };
}

/** The request that the choices make, without confirmation and acceptance. */
export function requestOf(operation: Operation, group: string, choices: Choices): OperationRequest {
  const replace = Object.entries(choices.replace).flatMap(([pairId, path]) => (path === '' ? [] : [{ pairId, path }]));
  return {
    operation,
    group,
    ...(choices.point === null ? {} : { point: choices.point }),
    ...(choices.overwrite ? { overwrite: true } : {}),
    ...(choices.overwrite && choices.discard ? { discard: true } : {}),
    ...(choices.repair ? { repair: true } : {}),
    ...(choices.skipUnreadable ? { skipUnreadable: true } : {}),
    ...(choices.exact ? { exact: true } : {}),
    ...(operation === 'compare' && choices.salvage !== null ? { salvage: salvageOf(choices.salvage) } : {}),
    ...(operation === 'test-failover' ? { directory: choices.directory } : {}),
    ...(operation === 'reprotect' && replace.length > 0 ? { replace } : {}),
  };
}

function salvageOf({ site, folder, name }: SalvageChoice): NonNullable<OperationRequest['salvage']> {
  return { site, file: `${folder.replace(/\/$/, '')}/${name}` };
}

/** A salvage that can be gone from: of the side that is not in production, under a name that says whose. */
export function startingSalvage({ name, activeSite, primarySite, recoverySite }: GroupView): SalvageChoice {
  const site = activeSite === 'primary' ? 'recovery' : 'primary';
  const { name: place } = site === 'primary' ? primarySite : recoverySite;
  const word = place.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
  return { site, folder: '', name: `${name}-${word}.salvage` };
}

/** What is still to be said of it before the checks, as half a sentence; undefined where nothing is. */
export function lackOfSalvage({ folder, name }: SalvageChoice): string | undefined {
  if (!folder.startsWith('/')) return 'the folder for the file must be given';
  return name === '' || name.includes('/') ? 'the file must be given a name' : undefined;
}

/** Whether an operation can be given a point: one at the side that it writes. */
export function takesPoint(group: GroupView, operation: Operation, point: Point): boolean {
  const { activeSite, primarySite, recoverySite, phase } = group;
  const atActive = point.site === (activeSite === 'primary' ? primarySite : recoverySite).letter;
  // On the way from one side to the other either can be meant.
  const underWay = activeSite === null || phase === 'failing-over' || phase === 'undoing';
  if (operation === 'failover') return underWay || !atActive;
  if (operation === 'change-point') return underWay || atActive;
  if (operation === 'test-failover') return !atActive && point.kind !== 'as-left' && point.kind !== 'before-change';
  return operation === 'drop-point';
}

/** The points that an operation can lead to, oldest first. */
export function choosablePoints(group: GroupView, operation: Operation): Point[] {
  return group.points.filter((point) => takesPoint(group, operation, point));
}
