/** How a host tells the process that started it, where that one listens, that it got as far as a window. */

export const startedWord = 'started';

/** To be called once the window shows something, or once it was said why there is none. Never throws. */
export function tellStarted(): void {
  // Whoever started it may be gone.
  process.send?.(startedWord, undefined, undefined, () => undefined);
}
