/** What is asked when the window is closed while runs go on. */
import type { DialogPort } from './ports.ts';
import { runTitle } from './run-words.ts';
import type { OwnRun } from './own-runs.ts';

export type Leave = 'background' | 'stop' | 'stay';

/** In the order of the buttons. */
const ways: readonly Leave[] = ['background', 'stop', 'stay'];

/** Asks what becomes of the runs. Closing the question means to stay. */
export async function askOnLeaving(dialog: DialogPort, going: readonly OwnRun[]): Promise<Leave> {
  const several = going.length > 1;
  const { response } = await dialog.showMessageBox({
    type: 'question',
    title: 'Sitepair',
    message: several ? `${going.length} runs go on` : `${going.map(runTitle).join('')} goes on`,
    detail: [
      ...(several ? [`${going.map(runTitle).join(', ')}.`] : []),
      `In the background ${several ? 'they end by themselves' : 'it ends by itself'}; the icon in the tray, or starting Sitepair again, brings the window back.`,
      'What is stopped can be resumed or rolled back later.',
    ].join('\n\n'),
    buttons: ['Go on in the background', several ? 'Stop them and close' : 'Stop it and close', 'Stay'],
    defaultId: 0,
    cancelId: 2,
    noLink: true,
  });
  return ways[response] ?? 'stay';
}
