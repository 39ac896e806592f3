/**
 * Electron's binary, which its package fetches from the web when it is first needed. That may fail at once or, behind a
 * firewall that drops packets, hang: so it is bounded, and tried once for each version.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';

export interface ElectronPlaces {
  /** The folder of the package `electron`. */
  packageFolder: string;
  /** A folder with a binary of the operator's own (ELECTRON_OVERRIDE_DIST_PATH), or null. */
  ownFolder: string | null;
  /** Where it is kept that fetching has failed; the version is added. */
  failures: string;
}

const manifestSchema = z.object({ version: z.string() });

/** The binary's path, or null where it is not there. */
export function electronBinary({ packageFolder, ownFolder }: ElectronPlaces): string | null {
  try {
    const pathFile = join(packageFolder, 'path.txt');
    // Electron's own package names the binary there, which is called otherwise on other systems.
    const name = existsSync(pathFile) ? readFileSync(pathFile, 'utf8').trim() : 'electron';
    const program = join(ownFolder ?? join(packageFolder, 'dist'), name);
    return existsSync(program) ? program : null;
  } catch {
    return null;
  }
}

/**
 * The binary, fetched where it is not there; or why there is none, as a clause. `say` is told before anything is waited
 * for. Takes no longer than `patienceMs`, and never rejects.
 */
export async function obtainElectron(
  places: ElectronPlaces,
  patienceMs: number,
  say: (line: string) => void,
): Promise<{ program: string } | { missing: string }> {
  const there = electronBinary(places);
  if (there !== null) return { program: there };
  const version = packageVersion(places.packageFolder);
  if (version === null) return { missing: 'its package is not installed' };
  const failure = join(places.failures, `electron-${version}-not-fetched`);
  const later = 'fetch it with: npx install-electron';
  if (existsSync(failure)) return { missing: `fetching it has failed before; ${later}` };
  say(`fetching Electron ${version}, for ${Math.round(patienceMs / 1000)} s at most.`);
  await fetchBinary(places.packageFolder, patienceMs);
  const program = electronBinary(places);
  if (program !== null) return { program };
  remember(failure);
  return { missing: `it could not be fetched; ${later}` };
}

function packageVersion(folder: string): string | null {
  try {
    return manifestSchema.parse(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))).version;
  } catch {
    return null;
  }
}

/** Whether it came is seen by whether it is there. */
async function fetchBinary(folder: string, patienceMs: number): Promise<void> {
  const child = spawn(process.execPath, [join(folder, 'install.js')], {
    stdio: 'ignore',
    timeout: patienceMs,
    killSignal: 'SIGKILL',
  });
  try {
    await once(child, 'exit');
  } catch {
    // What cannot be started has fetched nothing.
  }
}

function remember(failure: string): void {
  try {
    mkdirSync(dirname(failure), { recursive: true });
    writeFileSync(failure, '');
  } catch {
    // Then the next start tries again.
  }
}
