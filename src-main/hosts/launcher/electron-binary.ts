/**
 * Electron's binary, which its package fetches from the web when it is first needed. That may fail at once or, behind a
 * firewall that drops packets, hang: so it is bounded, and tried once a day for each version. What was cut off on its
 * way is not taken.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
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

/** A network that was not there today may be there tomorrow. */
const failureHoldsMs = 24 * 3_600_000;

/** The binary's path, or null where it is not there, or not whole. */
export function electronBinary({ packageFolder, ownFolder }: ElectronPlaces): string | null {
  // Electron's own package names the binary there, which is called otherwise on other systems.
  const named = textOf(join(packageFolder, 'path.txt'));
  if (ownFolder !== null) return fileOrNull(join(ownFolder, named ?? 'electron'));
  // It is written last: without it, or with another version's folder, unpacking was cut off.
  const unpacked = textOf(join(packageFolder, 'dist', 'version'))?.replace(/^v/, '') ?? null;
  if (named === null || unpacked === null || unpacked !== packageVersion(packageFolder)) return null;
  return fileOrNull(join(packageFolder, 'dist', named));
}

/** What a file says; null where it is not there or says nothing. */
function textOf(file: string): string | null {
  try {
    const text = readFileSync(file, 'utf8').trim();
    return text === '' ? null : text;
  } catch {
    return null;
  }
}

function fileOrNull(path: string): string | null {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true ? path : null;
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
  if (places.ownFolder !== null) {
    return { missing: `ELECTRON_OVERRIDE_DIST_PATH names ${places.ownFolder}, and it is not there` };
  }
  const failure = join(places.failures, `electron-${version}-not-fetched`);
  const later = 'it is tried once a day, or at once with: npx install-electron';
  if (isRecent(failure)) return { missing: `fetching it failed less than a day ago; ${later}` };
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
  try {
    // It says that unpacking is through, and is not to say so of what this attempt leaves half unpacked.
    rmSync(join(folder, 'path.txt'), { force: true });
    const child = spawn(process.execPath, [join(folder, 'install.js')], {
      stdio: 'ignore',
      timeout: patienceMs,
      killSignal: 'SIGKILL',
    });
    await once(child, 'exit');
  } catch {
    // What cannot be started has fetched nothing.
  }
}

/** Whether it failed within the last day. One that lies ahead was written by a clock that was wrong. */
function isRecent(failure: string): boolean {
  const at = statSync(failure, { throwIfNoEntry: false })?.mtimeMs;
  if (at === undefined) return false;
  const age = Date.now() - at;
  return age >= 0 && age < failureHoldsMs;
}

function remember(failure: string): void {
  try {
    mkdirSync(dirname(failure), { recursive: true });
    writeFileSync(failure, '');
  } catch {
    // Then the next start tries again.
  }
}
