/** The facts of an audit entry, which are kept as JSON, in words. */
import { bytes } from './wording.ts';

/** What other columns say, what was only typed, and what only told the program what the operator had before him. */
const beside: readonly string[] = ['name', 'group', 'operation', 'confirm', 'seen', 'read', 'attended'];

/** "keepPoints" as "keep points". */
function nameOf(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function entriesOf(value: object): [string, unknown][] {
  return Object.entries(value);
}

function valueOf(key: string, value: unknown): string {
  if (value === null) return 'none';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'number') return /bytes/i.test(key) ? bytes(value) : String(value);
  if (Array.isArray(value) && value.length === 0) return key === 'quietHours' ? 'none' : '';
  if (Array.isArray(value)) return value.map((one) => valueOf(key, one)).join(', ');
  if (typeof value === 'object') {
    return entriesOf(value)
      .map(([inner, one]) => `${nameOf(inner)} ${valueOf(inner, one)}`)
      .join(', ');
  }
  return typeof value === 'string' ? value : '';
}

/** "policy: keep points 23; client: cli". What is no JSON object is given as it is. */
export function detailWords(detail: string): string {
  let facts: unknown;
  try {
    facts = JSON.parse(detail);
  } catch {
    return detail;
  }
  if (typeof facts !== 'object' || facts === null) return detail;
  return entriesOf(facts)
    .filter(([key]) => !beside.includes(key))
    .map(([key, value]) => [nameOf(key), valueOf(key, value)])
    .filter(([, said]) => said !== '')
    .map(([name, said]) => `${name}: ${said}`)
    .join('; ');
}
