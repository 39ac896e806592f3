/** How an end is told to an operator who looks elsewhere. */
import type { ElectronPort, NotificationPort } from './ports.ts';
import type { Ending } from '../work-words.ts';

/** Kept while they can be clicked, as the system holds them by nothing else: the last ones. */
const shown = new Set<NotificationPort>();
/** Not every system says when one is gone. */
const mostShown = 50;

/**
 * Tells how something ended: a good end, and a run that waits, only where the window is not `watched`, any other
 * always. A click calls `open` with its address in the window.
 */
export function tellEnd(
  electron: Pick<ElectronPort, 'notification'>,
  { title, body, good, hash, waits }: Ending,
  watched: boolean,
  open: (hash: string) => void,
): void {
  if (watched && (good || waits === true)) return;
  const notification = electron.notification({ title, body, urgency: good ? 'normal' : 'critical' });
  if (notification === null) return;
  shown.add(notification);
  for (const old of [...shown].slice(0, -mostShown)) shown.delete(old);
  notification.on('close', () => shown.delete(notification));
  notification.on('click', () => {
    shown.delete(notification);
    open(hash);
  });
  notification.show();
}
