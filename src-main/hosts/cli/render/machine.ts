/** What this machine has and what was done on it: volumes and the audit trail. */
import type { AuditEntry, AuditVerdict, VolumeListing } from '../../../contract/machine.ts';
import type { UnprotectedList } from '../../../contract/unprotected.ts';
import { formatBytes } from '../../../contract/figures.ts';
import { formatMoment } from '../times.ts';
import { mark, type Page } from './page.ts';
import { table } from './table.ts';
import { hang } from './text.ts';

/** The lines of `volumes`. */
export function volumeLines(page: Page, volumes: readonly VolumeListing[]): string[] {
  if (volumes.length === 0) return ['No volumes were found on this machine.'];
  const columns = [
    { title: 'VOLUME', wraps: true },
    { title: 'KIND' },
    { title: 'SIZE', align: 'right' },
    { title: 'USED', align: 'right' },
    { title: 'FILE SYSTEM' },
    { title: 'IN USE', wraps: true },
    { title: 'NOTES', wraps: true },
  ] as const;
  const rows = volumes.map((volume) => [
    volume.path,
    volume.kind,
    formatBytes(volume.sizeBytes),
    volume.usedBytes === null ? '-' : formatBytes(volume.usedBytes),
    volume.fileSystem ?? '-',
    usesOf(volume).join('; ') || 'no',
    notesOf(volume).join('; '),
  ]);
  return table(page, columns, rows, 0);
}

/** What lies beside protected volumes and is in no group. */
export function unprotectedLines(page: Page, { volumes, unseen }: UnprotectedList): string[] {
  const columns = [
    { title: 'BESIDE PROTECTED VOLUMES, IN NO GROUP', wraps: true },
    { title: 'SIZE', align: 'right' },
    { title: 'BESIDE', wraps: true },
    { title: 'DISMISSED', wraps: true },
  ] as const;
  const rows = volumes.map(({ path, sizeBytes, beside, dismissed }) => [
    path,
    sizeBytes === null ? '-' : formatBytes(sizeBytes),
    beside.map(({ group, site }) => `${group} at ${site}`).join('; '),
    dismissed === null ? 'no' : `${dismissed.reason} (${dismissed.operator}, ${formatMoment(dismissed.at, page.now)})`,
  ]);
  return [
    ...(rows.length === 0
      ? ['Nothing lies unprotected beside the volumes of the groups.']
      : table(page, columns, rows, 0)),
    ...unseen.flatMap((sentence) => hang(`${page.paint.warn('▲')} `, sentence, page)),
  ];
}

/** The lines of `audit`, oldest first. */
export function auditLines(page: Page, entries: readonly AuditEntry[]): string[] {
  if (entries.length === 0) return ['The audit trail is empty.'];
  const columns = [
    { title: 'NO.', align: 'right' },
    { title: 'WHEN', wraps: true },
    { title: 'OPERATOR' },
    { title: 'ACTION' },
    { title: 'GROUP' },
    { title: 'RUN' },
    { title: 'DETAIL', wraps: true },
  ] as const;
  const rows = entries.map((entry) => [
    String(entry.sequence),
    formatMoment(entry.at, page.now),
    entry.operator,
    entry.action,
    entry.groupName ?? '-',
    entry.runId ?? '-',
    entry.detail,
  ]);
  return table(page, columns, rows, 0);
}

/** The lines of `audit --verify`. */
export function auditVerdictLines(page: Page, verdict: AuditVerdict): string[] {
  const broken = verdict.brokenAt === null ? '' : ` at entry ${verdict.brokenAt}`;
  const headline = verdict.intact
    ? mark(page, 'good', `Intact: ${verdict.entries} entries, each fits the one before.`)
    : mark(page, 'bad', `Broken${broken}: entries were changed, removed or put in another order.`);
  return [headline, ...hang('  ', verdict.detail, page)];
}

function usesOf(volume: VolumeListing): string[] {
  return volume.inUseBy.length > 0
    ? volume.inUseBy
    : volume.mountPoints.map((mountPoint) => `mounted at ${mountPoint}`);
}

function notesOf(volume: VolumeListing): string[] {
  return [
    volume.readOnly ? 'read-only' : '',
    volume.network === null ? '' : `network: ${volume.network}`,
    volume.label === null ? '' : `labelled ${volume.label}`,
    volume.model ?? '',
    volume.serial === null ? '' : `serial ${volume.serial}`,
  ].filter((note) => note !== '');
}
