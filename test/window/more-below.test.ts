/** What a step has below the window's edge is told, and reached by a press. */
import type { Locator } from 'playwright-core';
import { expect, test } from 'vitest';
import type { Operation } from '../../src-main/contract/phases.ts';
import { sampleCheck, sampleCheckReport, sampleGroup } from '../hosts/cli/sample-reports.ts';
import { Gallery } from './gallery-window.ts';

const gallery = Gallery.ofThisFile();

async function openWizard(operation: Operation): Promise<void> {
  const consequences = Array.from({ length: 40 }, (_, n) => `Volume ${n + 1} is read.`);
  const checks = [sampleCheck({ status: 'pass', blocks: false })];
  gallery.application
    .answer('groups.list', () => ({ groups: [sampleGroup({ actions: [] })] }))
    .answer('checks.run', () => sampleCheckReport({ checks, consequences }));
  await gallery.show('wizards/OperationWizard', { operation, name: 'erp-db', preset: '' });
}

async function toReview(): Promise<void> {
  for (const name of ['Check prerequisites', 'Review']) await gallery.page.getByRole('button', { name }).last().click();
}

test('a step that is longer than the window says that there is more, until its end is seen', async () => {
  await openWizard('verify');
  const more = gallery.page.getByRole('button', { name: 'More below' });
  await gallery.page.getByRole('button', { name: 'Check prerequisites' }).waitFor();
  expect(await more.count()).toBe(0);
  await toReview();
  await more.waitFor();
  await gallery.expectAccessible();
  const last = gallery.page.getByText('Volume 40 is read.');
  await expect
    .poll(async () => {
      if ((await more.count()) > 0) await more.click({ timeout: 1000 }).catch(() => undefined);
      return (await more.count()) === 0 && ((await last.boundingBox())?.y ?? Infinity);
    })
    .toBeLessThan(800);
});

test('however long the review is, the name is typed in sight, beside what weighs most', async () => {
  await openWizard('commit');
  await toReview();
  await gallery.page.getByRole('button', { name: 'More below' }).waitFor();
  const inSight = async (what: Locator): Promise<boolean> => {
    const box = await what.boundingBox();
    return box !== null && box.y >= 0 && box.y + box.height <= 800;
  };
  for (const field of [/^Type the group's name, erp-db/, /^Reason, for the report/]) {
    expect(await inSight(gallery.page.getByLabel(field))).toBe(true);
  }
  expect(await inSight(gallery.page.getByText('Volume 1 is read.'))).toBe(true);
  expect(await inSight(gallery.page.getByText('Volume 40 is read.'))).toBe(false);
  await gallery.expectAccessible();
});
