/** Why the window is not opened, and what to do instead. */
import type { ErrorReport } from '../../contract/errors.ts';
import { SitepairError } from '../../contract/errors.ts';

export type Refusal = Pick<ErrorReport, 'message' | 'remedy'>;

const meanwhile = 'Meanwhile everything can be done with: sitepair --help';

/** As root a browser runs without its sandbox, so root gets no window. */
export const asRoot: Refusal = {
  message: 'Sitepair opens no window as root, because it would have to do without its sandbox.',
  remedy:
    'Start it as a user of the group disk, who may open every block device: usermod -aG disk USER, then log in again. ' +
    meanwhile,
};

/** What kept the application from opening. */
export function refusalOf(error: unknown): Refusal {
  if (error instanceof SitepairError) return error.report;
  const [reason = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
  return { message: `Sitepair could not be opened (${reason}).`, remedy: `Reinstall it. ${meanwhile}` };
}
