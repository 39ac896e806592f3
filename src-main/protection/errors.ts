/** Where anything that was thrown becomes the one kind of error that a person may see. */
import { SitepairError, type ErrorReport } from '../contract/errors.ts';

export function asSitepairError(error: unknown): SitepairError {
  if (error instanceof SitepairError) return error;
  return new SitepairError(
    {
      code: 'internal',
      message: `Something went wrong inside Sitepair: ${error instanceof Error ? error.message : String(error)}.`,
      remedy: 'Nothing complete is lost. Try again; if it comes again, report it with what was done.',
    },
    { cause: error },
  );
}

export function asReport(error: unknown): ErrorReport {
  return asSitepairError(error).report;
}
