/** How the end of a run is told to an operator who looks elsewhere. */
import { describeBytes, describeSeconds } from '../../contract/wording.ts';
import type { OperationResult } from '../../contract/runs.ts';
import type { ElectronPort, NotificationPort } from './ports.ts';
import { endTitle } from './run-words.ts';

/** Kept while they can be clicked: the system holds them by nothing else. */
const shown = new Set<NotificationPort>();

/**
 * Tells how a run ended: a good end only where the window is not `watched`, any other one always. A click calls `open`
 * with the run's address in the window.
 */
export function tellEnd(
  electron: Pick<ElectronPort, 'notification'>,
  { run }: OperationResult,
  watched: boolean,
  open: (hash: string) => void,
): void {
  const good = run.outcome === 'succeeded';
  if (good && watched) return;
  const figures = `${describeBytes(run.bytesWritten)} written in ${describeSeconds(run.seconds)}.`;
  const notification = electron.notification({
    title: endTitle({ operation: run.operation, group: run.groupName }, run.outcome),
    body: run.error === undefined ? figures : `${run.error.message} ${run.error.remedy}`,
    urgency: good ? 'normal' : 'critical',
  });
  if (notification === null) return;
  shown.add(notification);
  notification.on('click', () => {
    shown.delete(notification);
    open(`#/runs/${run.id}`);
  });
  notification.show();
}
