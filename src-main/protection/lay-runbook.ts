/** The runbook in a group's folder in its stores: what lies there is whole, the old one or the new one. */
import fs from 'node:fs';
import path from 'node:path';
import type { Registration } from './registration.ts';
import { answeringFolders } from './side.ts';

const runbookFile = 'runbook.html';

/** Into every store that can be written; one that cannot keeps the old one. */
export function layRunbook(registration: Registration, page: string): void {
  for (const folder of answeringFolders(registration)) {
    if (!fs.existsSync(path.join(folder, 'record'))) continue;
    const part = path.join(folder, `${runbookFile}.part`);
    try {
      fs.writeFileSync(part, page, { mode: 0o600, flush: true });
      fs.renameSync(part, path.join(folder, runbookFile));
    } catch {
      // It is a help for people; a full or read-only store must fail nothing.
    }
  }
}
