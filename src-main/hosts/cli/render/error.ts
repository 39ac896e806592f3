/** An error as two lines, or three: what happened, where, what to do. */
import type { ErrorReport } from '../../../contract/errors.ts';
import type { Page } from './page.ts';
import { hang } from './text.ts';

/** The lines of an error for a person. */
export function errorLines(page: Page, error: ErrorReport): string[] {
  const where =
    error.where === undefined || error.message.includes(error.where) ? [] : hang('  Where: ', error.where, page);
  return [...hang(page.paint.bad('✖ '), error.message, page), ...where, ...hang('  To do: ', error.remedy, page)];
}
