/** Reads the JSON that the catalog keeps: parsed, never cast. */
import type { z } from 'zod';
import { catalogDamaged } from './failures.ts';

/**
 * The value of the JSON `text` under `schema`. Throws `catalog-unusable` naming `what` ("the run 42") where it is no
 * JSON or does not have the schema's shape.
 */
export function parsePayload<T>(schema: z.ZodType<T>, text: string, file: string, what: string): T {
  const parsed = schema.safeParse(jsonOf(text, file, what));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const place = issue === undefined || issue.path.length === 0 ? '' : ` at ${issue.path.join('.')}`;
  throw catalogDamaged(file, `${what} does not have its shape${place}`, parsed.error);
}

function jsonOf(text: string, file: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw catalogDamaged(file, `${what} is no JSON`, error);
  }
}
