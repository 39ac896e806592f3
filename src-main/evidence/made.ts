/** Who made a page, when and with what: it stands below each. */
import { momentOf } from './moments.ts';

export interface Made {
  /** ISO 8601 in UTC. */
  at: string;
  operator: string;
  machine: string;
  version: string;
}

export function footOf({ at, operator, machine, version }: Made): string {
  return `Made ${momentOf(at)} by ${operator} on ${machine} with Sitepair ${version}.`;
}
