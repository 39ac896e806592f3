/** The browser of this machine that can show the window. */
import { existsSync } from 'node:fs';

const programs = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/snap/bin/chromium'];

/** The program that SITEPAIR_CHROMIUM names, unless it is empty, else a usual one; null where there is none. */
export function chromiumProgram(env: Readonly<Record<string, string | undefined>>): string | null {
  const named = env['SITEPAIR_CHROMIUM'] ?? '';
  return named === '' ? (programs.find((path) => existsSync(path)) ?? null) : named;
}
