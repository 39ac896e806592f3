/** What a comparison of both sides found, as it is shown: figures, chunks of both sides, and the two choices. */
import { expect, test } from 'vitest';
import { sideCellStates, type Comparison } from '../../src-main/contract/comparison.ts';
import { sampleGroup, sampleResult, sampleRun } from '../hosts/cli/sample-reports.ts';
import { Gallery } from './gallery-window.ts';

const gallery = Gallery.ofThisFile();
const KiB = 1024;

const counts = {
  unchanged: { chunks: 590, bytes: 590 * 256 * KiB },
  onlyPrimary: { chunks: 4, bytes: 1024 * KiB },
  onlyRecovery: { chunks: 3, bytes: 768 * KiB },
  both: { chunks: 2, bytes: 512 * KiB },
  same: { chunks: 0, bytes: 0 },
  unknown: { chunks: 1, bytes: 256 * KiB },
  leftOut: { chunks: 1, bytes: 256 * KiB },
};

/** A row in which each state comes up. */
function row(from: number): string {
  return Array.from({ length: 600 }, (_, n) => (n % 97 === from ? String(n % sideCellStates.length) : '1')).join('');
}

const comparison: Comparison = {
  basis: { point: '1.4', said: 'Point 1.4 of 2026-03-01T12:00:00.000Z is the last that both sites come from.' },
  pairs: [
    {
      ...counts,
      pairId: 'p1',
      primaryPath: '/dev/vg0/pgdata',
      recoveryPath: '/replica/pgdata.raw',
      sizeBytes: 150 * 1024 * KiB,
      ranges: [{ offset: 0, length: 256 * KiB, kind: 'both' }],
      rangesInAll: 1,
      map: { primary: `012345${row(3)}`, recovery: `543210${row(5)}`, bytesPerCell: 256 * KiB },
    },
  ],
  total: counts,
  choices: [
    {
      keeps: 'primary',
      by: 'undo',
      loses: { chunks: 5, bytes: 1280 * KiB },
      maybe: counts.unknown,
      said: ['Undo keeps Hall A and loses 5 chunks (1.3 MiB).', 'What Hall B holds is saved first.'],
    },
    {
      keeps: 'recovery',
      by: 'reprotect',
      loses: { chunks: 6, bytes: 1536 * KiB },
      maybe: counts.unknown,
      said: ['Reprotect keeps Hall B and loses 6 chunks (1.5 MiB).'],
    },
  ],
  salvage: { file: '/mnt/usb/a.salvage', site: 'primary', saved: counts.both, fileBytes: 600 * KiB, digest: 'ab' },
};

function allowing(...allowed: string[]): void {
  const operations = ['undo', 'commit', 'reprotect', 'compare'] as const;
  const actions = operations.map((operation) => ({
    operation,
    allowed: allowed.includes(operation),
    reason: allowed.includes(operation) ? '' : 'the group has failed over; commit or undo first',
  }));
  const group = sampleGroup({ phase: 'failed-over', activeSite: 'recovery', actions });
  gallery.application.answer('groups.list', () => ({ groups: [group] }));
}

test('figures, both sides, and what each choice loses; a choice that is not open now says why', async () => {
  allowing('undo', 'commit');
  await gallery.show('wizards/ComparisonFound', { comparison, name: 'erp-db' });
  await gallery.page.getByRole('row', { name: 'Changed only at Hall A 4 1.0 MiB' }).waitFor();
  await gallery.page.getByRole('row', { name: /^Changed at both, to different content 2/ }).waitFor();
  expect(await gallery.text(), 'what there is none of is not said').not.toContain('The same at both now 0');

  const undo = gallery.page.getByRole('region', { name: 'To keep Hall A' });
  await undo.getByText('Undo keeps Hall A and loses 5 chunks (1.3 MiB).').waitFor();
  expect(await undo.getByRole('link').getAttribute('href')).toBe('#/do/undo/erp-db');
  const reprotect = gallery.page.getByRole('region', { name: 'To keep Hall B' });
  expect(await reprotect.getByRole('link', { name: 'Commit' }).getAttribute('href')).toBe('#/do/commit/erp-db');
  await reprotect.getByRole('button', { name: /^Reprotect ?, not now: the group has failed over/ }).waitFor();

  await gallery.page.getByRole('img', { name: /^Chunks at Hall A: .*changed only here/ }).waitFor();
  await gallery.page.getByRole('img', { name: /^Chunks at Hall B: .*not known who changed it/ }).waitFor();
  await gallery.sees('The chunks of Hall A that differ are saved in /mnt/usb/a.salvage: 2, 512 KiB');
  await gallery.expectAccessible();
});

test('every state of a chunk has a mark of its own', async () => {
  allowing('undo');
  await gallery.show('wizards/ComparisonFound', { comparison, name: 'erp-db' });
  const paths = await gallery.page.locator('.legend path').all();
  const marks = await Promise.all(paths.map((path) => path.getAttribute('d')));
  expect(new Set(marks).size).toBe(sideCellStates.length);
});

test('after the commit it leads to the reprotect', async () => {
  allowing('reprotect');
  await gallery.show('wizards/ComparisonFound', { comparison, name: 'erp-db' });
  const reprotect = gallery.page.getByRole('region', { name: 'To keep Hall B' });
  expect(await reprotect.getByRole('link').getAttribute('href')).toBe('#/do/reprotect/erp-db');
  await gallery.sees(/Undo is not possible now: /);
});

test('both promoted: the choice is the store that is kept', async () => {
  allowing();
  const choices = comparison.choices.map((choice) => ({ ...choice, by: 'keep' as const }));
  await gallery.show('wizards/ComparisonFound', { comparison: { ...comparison, choices }, name: 'erp-db' });
  const links = gallery.page.getByRole('link', { name: 'Bring it in from its store' });
  await links.first().waitFor();
  expect(await links.count()).toBe(2);
});

test('it stands in the result of its wizard, and on the page of its run', async () => {
  allowing('undo');
  const report = { next: [], warnings: [], mismatches: [], mismatchesInAll: 0, comparison };
  const run = sampleRun({ operation: 'compare', outcome: 'succeeded', report });
  await gallery.show('wizards/steps/ResultStep', { title: 'Comparison', result: sampleResult({ run, comparison }) });
  await gallery.page.getByRole('region', { name: 'To keep Hall A' }).waitFor();
  await gallery.expectAccessible();
  gallery.application.answer('runs.show', () => ({ run }));
  await gallery.show('views/Run', { id: run.id });
  await gallery.page.getByRole('region', { name: 'To keep Hall A' }).waitFor();
});

test('whose chunks are saved, and where, is chosen', async () => {
  const group = sampleGroup({ phase: 'failed-over', activeSite: 'recovery' });
  const salvage = { site: 'primary', folder: '', name: 'erp-db-hall-a.salvage' };
  await gallery.show('wizards/steps/SalvageFields', { group, salvage });
  await gallery.page.getByRole('radio', { name: 'Hall B' }).check();
  await gallery.page.getByRole('textbox', { name: 'Folder for the file' }).fill('/mnt/usb');
  await gallery.page.getByRole('textbox', { name: 'Name of the file, which must be new' }).fill('b.salvage');
  expect(await gallery.property('salvage')).toEqual({ site: 'recovery', folder: '/mnt/usb', name: 'b.salvage' });
  await gallery.expectAccessible();
});
