/** The browser of this machine that can show the window. */
import { existsSync } from 'node:fs';

const programs = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/snap/bin/chromium'];

/** The program that SITEPAIR_CHROMIUM names, else one of the usual places; null where there is none. */
export function chromiumProgram(env: Readonly<Record<string, string | undefined>>): string | null {
  return env['SITEPAIR_CHROMIUM'] ?? programs.find((path) => existsSync(path)) ?? null;
}
