/** What is asked when the window is closed while something goes on. */
import type { DialogPort } from './ports.ts';
import { whenStopped, workTitle, type Work } from '../work-words.ts';

export type Leave = 'background' | 'stop' | 'stay';

/** In the order of the buttons. */
const ways: readonly Leave[] = ['background', 'stop', 'stay'];

/** Asks what becomes of what goes on. Closing the question means to stay. */
export async function askOnLeaving(dialog: DialogPort, going: readonly Work[]): Promise<Leave> {
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
    ].join('\n\n'),
    buttons: ['Go on in the background', several ? 'Stop them and close' : 'Stop it and close', 'Stay'],
    defaultId: 0,
    cancelId: 2,
    noLink: true,
  });
  return ways[response] ?? 'stay';
}
