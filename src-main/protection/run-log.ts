/**
 * Runs and audit entries are appended to the stores too, one JSON object a line, so that they outlive the catalog;
 * audit entries carry their chain's hash, so that a store anchors its head. Reading back skips what a power cut left
 * half written.
 */
import fs from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { auditEntrySchema } from '../contract/machine.ts';
import { runSchema, type Run } from '../contract/runs.ts';
import type { Registration } from './registration.ts';
import { answeringFolders } from './side.ts';

const runsFile = 'runs.log';
const auditFile = 'audit.log';

function folders(registration: Registration): string[] {
  return answeringFolders(registration).filter((folder) => fs.existsSync(path.join(folder, 'record')));
}

function append(file: string, lines: readonly object[]): void {
  if (lines.length === 0) return;
  const fd = fs.openSync(file, 'a', 0o600);
  try {
    fs.writeFileSync(fd, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    fs.fdatasyncSync(fd);
  } finally {
    fs.closeSync(fd);
  }
}

/** An audit entry with the chain that it belongs to: anchors are of use only against that one. */
const anchorSchema = auditEntrySchema.extend({ chain: z.string() });
export type AnchoredEntry = z.infer<typeof anchorSchema>;

/** One that a store has. */
export interface StoredEntry {
  entry: AnchoredEntry;
  /** The file that it was read from. */
  file: string;
  /** Whether its line is as it was written, with nothing in it twice, or beside. */
  asWritten: boolean;
}

/** Appends to every store that can be written. A store that cannot is left out: its log then lacks these lines. */
export function appendToStores(
  registration: Registration,
  runs: readonly Run[],
  audit: readonly AnchoredEntry[],
): void {
  for (const folder of folders(registration)) {
    try {
      append(path.join(folder, runsFile), runs);
      append(path.join(folder, auditFile), audit);
    } catch {
      // The catalog has them; a full or read-only store must not turn a finished run into a failed one.
    }
  }
}

/** Every run that the stores know, each once, oldest first. */
export function runsInStores(registration: Registration): Run[] {
  const runs = new Map<string, Run>();
  for (const folder of folders(registration)) {
    const file = path.join(folder, runsFile);
    if (!fs.existsSync(file)) continue;
    for (const line of fs.readFileSync(file, 'utf8').split('\n')) {
      const parsed = runSchema.safeParse(parseLine(line));
      if (parsed.success) runs.set(parsed.data.id, parsed.data);
    }
  }
  return [...runs.values()].sort((a, b) => a.startedAt.localeCompare(b.startedAt));
}

/** The audit entries of one chain that the stores know: what the catalog's log is held against. */
export function auditAnchors(registration: Registration, chain: string): StoredEntry[] {
  return folders(registration).flatMap((folder) => {
    const file = path.join(folder, auditFile);
    if (!fs.existsSync(file)) return [];
    return fs
      .readFileSync(file, 'utf8')
      .split('\n')
      .flatMap((line) => {
        const parsed = anchorSchema.safeParse(parseLine(line));
        if (!parsed.success || parsed.data.chain !== chain) return [];
        return { entry: parsed.data, file, asWritten: line === JSON.stringify(parsed.data) };
      });
  });
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
