/** The page at hand as a PDF, for the file of the incident. */
import { writeFile } from 'node:fs/promises';
import type { DialogPort, WindowPort } from './ports.ts';

/** Asks where to, and writes the page there. Never rejects: the operator is told what went wrong. */
export async function savePage(dialog: DialogPort, window: WindowPort): Promise<void> {
  const { canceled, filePath } = await dialog.showSaveDialog({
    title: 'Save this page as PDF',
    defaultPath: 'sitepair.pdf',
    filters: [{ name: 'PDF', extensions: ['pdf'] }],
  });
  if (canceled || filePath === '') return;
  try {
    await writeFile(filePath, await window.webContents.printToPDF({ printBackground: true, pageSize: 'A4' }));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    dialog.showErrorBox(
      'The page could not be saved',
      `${filePath} could not be written (${reason}). Choose another folder, or make room there.`,
    );
  }
}
