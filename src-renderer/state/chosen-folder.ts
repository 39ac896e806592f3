/** The folder that was chosen last, until the window is closed: where the next path is looked for first. */
let last = '';

export function lastChosenFolder(): string {
  return last;
}

export function keepFolder(folder: string): void {
  last = folder;
}
