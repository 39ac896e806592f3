/** Writing a report or a log to a file of this machine. */
import type { Evidence } from '../../src-main/contract/evidence.ts';
import { keepFolder } from './chosen-folder.ts';

/** The path of a new file; the folder is kept for the next one. */
export function fileIn(folder: string, name: string, ending: string): string {
  keepFolder(folder);
  return `${folder.replace(/\/+$/, '')}/${name}.${ending}`;
}

/** A name that tells what is in the file, and of which day; `which`: of a run, which one. */
export function suggestedName(of: Evidence, group: string, now: Date, which = ''): string {
  const day = [now.getFullYear(), now.getMonth() + 1, now.getDate()]
    .map((part) => String(part).padStart(2, '0'))
    .join('-');
  const what = { run: 'report', 'plan-run': 'report', history: 'history', runbook: 'runbook', audit: 'audit' }[of.kind];
  return [group, which, what, day].filter((part) => part !== '').join('-');
}
