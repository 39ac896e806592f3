/** What is asked when the window is closed while something goes on. */
import { counted } from '../../contract/wording.ts';
import type { DialogPort } from './ports.ts';
import { whenStopped, workTitle, type Work } from '../work-words.ts';

export type Leave = 'background' | 'stop' | 'stay';

/** In the order of the buttons. */
const ways: readonly Leave[] = ['background', 'stop', 'stay'];

/** What stops for as long as the program is closed, where it is this one that begins cycles. */
function cyclesStop(groups: number): string {
  return `This window begins the cycles of ${counted(groups, 'group')} by the clock. While Sitepair is closed none begins, unless its service runs (sitepair service), and points grow older than their targets.`;
}

/**
 * Asks what becomes of what goes on, and of the cycles of so many groups that begin by the clock here; one of them is
 * not nothing. Closing the question means to stay.
 */
export async function askOnLeaving(dialog: DialogPort, going: readonly Work[], groups: number): Promise<Leave> {
  if (going.length === 0) return askAboutCycles(dialog, groups);
  const several = going.length > 1;
  const things = going.every(({ kind }) => kind === 'run') ? 'runs' : 'things';
  const titles = going.map(workTitle);
  const { response } = await dialog.showMessageBox({
    type: 'question',
    title: 'Sitepair',
    message: several ? `${going.length} ${things} go on` : `${titles.join('')} goes on`,
    detail: [
      ...(several ? [`${titles.join(', ')}.`] : []),
      `In the background ${several ? 'they end by themselves' : 'it ends by itself'}; the icon in the tray, or starting Sitepair again, brings the window back.`,
      [...new Set(going.map(whenStopped))].join(' '),
      ...(groups === 0 ? [] : [cyclesStop(groups)]),
    ].join('\n\n'),
    buttons: ['Go on in the background', several ? 'Stop them and close' : 'Stop it and close', 'Stay'],
    defaultId: 0,
    cancelId: 2,
    noLink: true,
  });
  return ways[response] ?? 'stay';
}

async function askAboutCycles(dialog: DialogPort, groups: number): Promise<Leave> {
  const { response } = await dialog.showMessageBox({
    type: 'question',
    title: 'Sitepair',
    message: 'No cycle begins while Sitepair is closed',
    detail: `${cyclesStop(groups)}\n\nIn the background they go on; the icon in the tray, or starting Sitepair again, brings the window back.`,
    buttons: ['Go on in the background', 'Close', 'Stay'],
    defaultId: 0,
    cancelId: 2,
    noLink: true,
  });
  return ways[response] ?? 'stay';
}
