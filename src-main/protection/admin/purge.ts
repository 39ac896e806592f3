/** group remove --purge: takes a group's own files out of a store, and nothing that others put there. */
import fs from 'node:fs';
import path from 'node:path';
import { recordName } from '../../store/file-names.ts';

/** Every file that Sitepair makes in a group's folder. */
const ours =
  /^(record|scratch|lock|pin|tests|plan|steps|runs\.log|audit\.log|runbook\.html(\.part)?|(undo|map)-\d[\d-]*)$/;

/**
 * Removes the files that Sitepair made in a group's folder, the record last, so that a purge that was cut off can be
 * repeated; then the folder where it is empty. The store's directory stays: it may be the user's, or other groups' too.
 * Gives whether the folder is gone.
 */
export function purgeFolder(folder: string): boolean {
  const names = fs.readdirSync(folder, { withFileTypes: true }).flatMap((one) => (one.isFile() ? [one.name] : []));
  const inOrder = names.filter((name) => ours.test(name)).sort((a, b) => rank(a) - rank(b));
  for (const name of inOrder) fs.rmSync(path.join(folder, name));
  if (fs.readdirSync(folder).length > 0) return false;
  fs.rmdirSync(folder);
  return true;
}

function rank(name: string): number {
  return name === recordName ? 1 : 0;
}
