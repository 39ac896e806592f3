/** What the operator is told outside the window: why it is not opened, and of defects. */
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

/** What is said of a defect while the program goes on: Electron would show its stack. */
export function defectOf(error: unknown): Refusal {
  const [reason = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
  return {
    message: `Something went wrong inside Sitepair: ${reason}.`,
    remedy:
      'Nothing complete is lost. Close the window and open it again; if it comes again, report it with what was done.',
  };
}

/** What kept the application from opening. */
export function refusalOf(error: unknown): Refusal {
  if (error instanceof SitepairError) return error.report;
  const [reason = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
  return { message: `Sitepair could not be opened (${reason}).`, remedy: `Reinstall it. ${meanwhile}` };
}
