/** Runs that do not come to their end at once: cancelled, or cut off with the application. */
import { randomBytes } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { expect, test, type TestContext } from 'vitest';
import { skipUnless } from '../needs.ts';
import { digestOf } from '../support/fingerprint.ts';
import { TwoSites } from '../support/two-sites.ts';
import { OtherWindow } from './other-window.ts';
import { needsOfWindows, TestWindow } from './test-window.ts';

/** Two sites with a group whose seed takes long enough to be met in its middle. */
async function slowSites(context: TestContext): Promise<TwoSites> {
  const sites = new TwoSites(context);
  const [first] = sites.pairs;
  sites.pairs = first === undefined ? [] : [first];
  rmSync(sites.source());
  writeFileSync(sites.source(), randomBytes(24 << 20));
  await sites.sitepair.must(...sites.creation('--limit', '2M/s'));
  return sites;
}

/** Goes on with what was cut off, by the offer on the overview, and holds the volumes against each other. */
async function resumeByTheOffer(sites: TwoSites, window: TestWindow): Promise<void> {
  await sites.sitepair.must('group', 'set', 'erp', '--limit', '1G/s');
  await window.go('#/overview');
  // A policy that becomes known in the middle of the wizard would have all looked at again.
  await window.page.reload();
  const offer = window.page.getByRole('region', { name: 'Cut off: erp' });
  await offer.getByText('erp: The first copy to Hall B was cut off.').waitFor();
  await offer.getByRole('link', { name: 'Roll back' }).waitFor();
  await window.expectAccessible('the offer to resume');
  await offer.getByRole('link', { name: 'Resume' }).click();
  await window.finish('erp', 'Resume');
  sites.expectMirrored();
  expect(digestOf(sites.target())).toBe(digestOf(sites.source()));
  await window.go('#/overview');
  await window.sees('The group has to be checked again');
  await window.press('Check it now');
  await window.sees('The group can fail over now');
  await window.expectAccessible('what the headline rests on');
  expect(await offer.count()).toBe(0);
  expect(window.complaints).toEqual([]);
}

test('a run is paused, cancelled in its middle, offered again, and resumed to its end', async (context) => {
  skipUnless(context, needsOfWindows);
  const sites = await slowSites(context);
  const window = await TestWindow.open(context, sites.sitepair.home);
  await window.go('#/do/protect/erp');
  await window.start('erp', 'Protect');
  await window.sees(/^[1-9]\d?\.\d %$/);
  await window.press('Pause');
  await window.sees('paused');
  await window.press('Go on');
  await window.page.getByText('paused', { exact: true }).waitFor({ state: 'detached' });
  await window.press('Stop the run…');
  await window.press('Stop it');
  await window.page.getByRole('heading', { name: 'Protect was stopped' }).waitFor();
  expect(digestOf(sites.target())).not.toBe(digestOf(sites.source()));
  expect((await sites.sitepair.group('erp')).points).toEqual([]);
  await resumeByTheOffer(sites, window);
});

test('the application is killed in the middle of a run: started again it offers to go on, and does', async (context) => {
  skipUnless(context, needsOfWindows);
  const sites = await slowSites(context);
  const killed = await OtherWindow.open(sites.scratch, sites.sitepair.home);
  await killed.do('go', '#/do/protect/erp');
  await killed.do('press', 'Check prerequisites');
  await killed.do('sees', 'Nothing has been changed\\.');
  await killed.do('acknowledge');
  await killed.do('press', 'Review');
  await killed.do('press', 'Protect');
  await killed.do('sees', '^[1-9]\\d?\\.\\d %$');
  await killed.kill();
  expect(digestOf(sites.target())).not.toBe(digestOf(sites.source()));

  const window = await TestWindow.open(context, sites.sitepair.home);
  await window.go('#/runs');
  await window.sees('interrupted');
  await window.page
    .getByRole('row', { name: /Protect/ })
    .getByRole('link')
    .click();
  await window.sees(/was ended, or the machine stopped, before this protect of erp was done/);
  await resumeByTheOffer(sites, window);
});
