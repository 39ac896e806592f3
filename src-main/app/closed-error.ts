import { SitepairError } from '../contract/errors.ts';

/** For a run that was asked for while the application closes. */
export function closedError(): SitepairError {
  return new SitepairError({
    code: 'cancelled',
    message: 'Sitepair was closed before the run began, so nothing was started.',
    remedy: 'Open it again, and see where the group stands before you start anew.',
  });
}
