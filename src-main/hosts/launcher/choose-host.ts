/** Which host shows the window when it is started from a checkout, and what is said of that. */

export interface Surroundings {
  isRoot: boolean;
  hasScreen: boolean;
  /** The browser's program; null where there is none. */
  chromium: string | null;
  /** Electron's binary, fetched where it is not there yet, in bounded time; or why there is none, as a clause. */
  electron: () => Promise<{ program: string } | { missing: string }>;
}

/** `notice`: one line that is said before the window opens. */
export type Choice =
  | { host: 'electron'; program: string }
  | { host: 'chromium'; notice: string }
  | { host: 'none'; message: string; remedy: string };

const meanwhile = 'Meanwhile everything can be done with: npm run -s sitepair -- --help';
const asMember = 'start it as a user of the group disk (usermod -aG disk USER, then log in again)';

/** Electron where it can be had, else the browser of the machine, else what to install. Never rejects, never hangs. */
export async function chooseHost({ isRoot, hasScreen, chromium, electron }: Surroundings): Promise<Choice> {
  if (!hasScreen) {
    return {
      host: 'none',
      message: 'There is no screen to open a window on: neither DISPLAY nor WAYLAND_DISPLAY is set.',
      remedy: `Start it from a graphical session. ${meanwhile}`,
    };
  }
  if (isRoot) {
    if (chromium === null) {
      return {
        host: 'none',
        message: 'Electron opens no window as root, and there is no Chromium here.',
        remedy: `Install one (Debian: apt install chromium), or ${asMember}. ${meanwhile}`,
      };
    }
    return {
      host: 'chromium',
      notice: `as root the window opens in the Chromium of this machine, without its sandbox; for Electron, ${asMember}.`,
    };
  }
  const found = await electron();
  if ('program' in found) return { host: 'electron', program: found.program };
  if (chromium === null) {
    return {
      host: 'none',
      message: `There is no Chromium here to open a window with, and no Electron: ${found.missing}.`,
      remedy: `Install one (npx install-electron, or Debian's: apt install chromium). ${meanwhile}`,
    };
  }
  return {
    host: 'chromium',
    notice: `the window opens in the Chromium of this machine, as there is no Electron: ${found.missing}.`,
  };
}
