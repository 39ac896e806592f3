/** Reads the rows and the JSON that the catalog keeps: parsed, never cast. */
import type { z } from 'zod';
import type { SitepairError } from '../contract/errors.ts';
import { catalogDamaged } from './failures.ts';

/**
 * The value of the JSON `text` under `schema`. Throws `catalog-unusable` naming `what` ("the run 42") where it is no
 * JSON or does not have the schema's shape.
 */
export function parsePayload<T>(schema: z.ZodType<T>, text: string, file: string, what: string): T {
  const parsed = schema.safeParse(jsonOf(text, file, what));
  if (parsed.success) return parsed.data;
  throw unshaped(parsed.error, file, what);
}

/** A row under `schema`: of a damaged file a column may hold anything. Throws `catalog-unusable`. */
export function parseRow<T>(schema: z.ZodType<T>, row: unknown, file: string): T {
  const parsed = schema.safeParse(row);
  if (parsed.success) return parsed.data;
  throw unshaped(parsed.error, file, 'a row');
}

function unshaped(error: z.ZodError, file: string, what: string): SitepairError {
  const issue = error.issues[0];
  const place = issue === undefined || issue.path.length === 0 ? '' : ` at ${issue.path.join('.')}`;
  return catalogDamaged(file, `${what} does not have its shape${place}`, error);
}

function jsonOf(text: string, file: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw catalogDamaged(file, `${what} is no JSON`, error);
  }
}
