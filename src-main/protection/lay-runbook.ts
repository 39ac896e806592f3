/** The runbook in a group's folder in its stores: what lies there is whole, the old one or the new one. */
import fs from 'node:fs';
import path from 'node:path';
import type { Registration } from './registration.ts';
import { answeringFolders } from './side.ts';

const runbookFile = 'runbook.html';

/** Into every store that can be written, where it says anything new; one that cannot keeps the old one. */
export function layRunbook(registration: Registration, page: string): void {
  for (const folder of answeringFolders(registration)) {
    if (!fs.existsSync(path.join(folder, 'record'))) continue;
    const file = path.join(folder, runbookFile);
    const part = `${file}.part`;
    try {
      if (fs.existsSync(file) && withoutFoot(fs.readFileSync(file, 'utf8')) === withoutFoot(page)) continue;
      fs.writeFileSync(part, page, { mode: 0o600, flush: true });
      fs.renameSync(part, file);
    } catch {
      // It is a help for people; a full or read-only store must fail nothing.
    }
  }
}

/** What it says, without who made it when. */
function withoutFoot(page: string): string {
  return page.replace(/<footer>.*<\/footer>/s, '');
}
