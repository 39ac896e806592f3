/**
 * What a side's volumes hold, as its record tells. Several fields speak of it, and one of them alone says nothing: what
 * they say together, and how they change together, is named here.
 */
import type { SiteRecord } from './record.ts';

/**
 * The volumes hold what no point describes (what production left there, or what a cycle is about to overwrite), and no
 * journal or clone leads from that to a point.
 */
export const atNoPoint = {
  points: [],
  position: null,
  moving: null,
  promoting: null,
  promotedClones: false,
} satisfies Partial<SiteRecord>;

/** Whether something was begun at a side and has not ended: then its volumes may hold a mix of two states. */
export function wasCutOff({ receiving, moving, promoting }: SiteRecord): boolean {
  return receiving !== null || moving !== null || promoting !== null;
}

/** Whether a side's volumes may hold a mix of two states, be there a way out of it or not. */
export function mayHoldMix(record: SiteRecord): boolean {
  return wasCutOff(record) || record.incomplete;
}
