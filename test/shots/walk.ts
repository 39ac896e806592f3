/** The walk through every screen: from nothing protected, over and back, and past what goes wrong. */
import { rmSync, writeFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { origin } from '../../src-main/hosts/chromium/window.ts';
import type { Camera } from './camera.ts';
import type { SampleGroups } from './groups.ts';

const mebibyte = 1 << 20;

export class Walk {
  readonly #page: Page;
  readonly #camera: Camera;
  readonly #groups: SampleGroups;

  constructor(page: Page, camera: Camera, groups: SampleGroups) {
    this.#page = page;
    this.#camera = camera;
    this.#groups = groups;
  }

  async all(): Promise<void> {
    await this.#sees('Nothing is protected yet');
    await this.#camera.take('first-start');
    await this.#drill();
    await this.#protect();
    await this.#seed();
    await this.#otherGroups();
    await this.#pages();
    await this.#aroundPages();
    await this.#overAndBack();
    await this.#whatGoesWrong();
    await this.#failoverPlan();
  }

  async #drill(): Promise<void> {
    await this.#go('drill');
    await this.#sees('What will happen');
    await this.#camera.take('drill-outlook');
    await this.#press('Start the drill');
    for (const step of ['Seed', 'Unplanned failover', 'Reprotect']) {
      await this.#page.getByRole('heading', { name: `: ${step}` }).waitFor({ timeout: 60_000 });
      await this.#camera.take(`drill-${step.toLowerCase().replaceAll(' ', '-')}`);
    }
    await this.#page.getByRole('heading', { name: /^The drill succeeded/ }).waitFor({ timeout: 60_000 });
    await this.#camera.take('drill-summary');
    await this.#page.getByText('Digests').first().click();
    await this.#page.getByText('Step by step').scrollIntoViewIfNeeded();
    await this.#camera.take('drill-steps');
  }

  async #protect(): Promise<void> {
    const groups = this.#groups;
    const files = ['erp-data.img', 'erp-log.img'];
    groups.volume('erp-data.img', 512 * mebibyte);
    groups.volume('erp-log.img', 64 * mebibyte);
    await this.#go('protect');
    await this.#fill('Name of the group', 'erp');
    await this.#fill('Primary site', 'Hall A');
    await this.#fill('Recovery site', 'Hall B');
    await this.#camera.take('protect-name');
    await this.#press('Next');
    await this.#press('Add a pair');
    for (const [n, file] of files.entries()) {
      await this.#fill('Volume at Hall A', groups.path('hall-a', file), n);
      await this.#fill('Counterpart at Hall B', groups.path('hall-b', file), n);
    }
    await this.#camera.take('protect-volumes');
    await this.#page.getByRole('button', { name: 'Browse for Volume at Hall A' }).first().click();
    await this.#sees('erp-log.img');
    await this.#camera.take('protect-browse');
    await this.#page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
    await this.#press('Next');
    await this.#fill('Store at Hall A', groups.path('hall-a', 'store'));
    await this.#fill('Store at Hall B', groups.path('hall-b', 'store'));
    await this.#camera.take('protect-stores');
    await this.#press('Next');
    await this.#camera.take('protect-review');
    await this.#press('Make the group');
    await this.#sees('Check prerequisites');
  }

  async #seed(): Promise<void> {
    await this.#camera.take('seed-choices');
    // Before it is looked at: a change of the group is a reason to look again.
    await this.#groups.limit('erp', 25 * mebibyte);
    await this.#check();
    await this.#camera.take('seed-prerequisites');
    await this.#acknowledge();
    await this.#camera.take('seed-review');
    await this.#press('Protect');
    await this.#sees('Time left');
    await this.#page.waitForTimeout(4000);
    await this.#camera.take('seed-run');
    await this.#press('Pause');
    await this.#sees('paused');
    await this.#camera.take('seed-paused');
    await this.#press('Go on');
    await this.#groups.unlimit('erp');
    await this.#finished();
    await this.#camera.take('seed-result');
    await this.#groups.limit('erp', null);
  }

  async #otherGroups(): Promise<void> {
    const groups = this.#groups;
    for (let cycle = 0; cycle < 6; cycle += 1) {
      groups.change('erp-data.img', 3 * cycle);
      await groups.run('sync', 'erp');
    }
    await groups.make('crm', [16 * mebibyte, 8 * mebibyte]);
    await groups.run('protect', 'crm');
    await groups.make('web', [32 * mebibyte]);
    await groups.run('protect', 'web');
    await groups.interrupt('web', 'web-1.img');
    await groups.make('mail', [8 * mebibyte]);
    await groups.run('protect', 'mail');
    await groups.run('failover', 'mail');
    await groups.make('warehouse-management-and-label-printing.with-a-very-long-name', [4 * mebibyte]);
  }

  async #pages(): Promise<void> {
    const pages = ['overview', 'groups', 'groups/erp', 'groups/web', 'groups/mail', 'groups/erp/settings', 'adopt'];
    for (const page of [...pages, 'volumes', 'runs', 'audit', 'settings']) {
      await this.#go(page);
      await this.#page.waitForTimeout(700);
      await this.#camera.take(page.replaceAll('/', '-'));
    }
    await this.#go('groups/erp');
    await this.#page.getByRole('button', { name: /^Point 1\.4,/ }).click();
    await this.#camera.take('group-point');
    await this.#go('runs');
    await this.#page
      .getByRole('link', { name: /ago$|just now$/ })
      .first()
      .click();
    await this.#sees('Steps');
    await this.#camera.take('run');
  }

  async #aroundPages(): Promise<void> {
    await this.#go('verify-all');
    await this.#sees('groups can be verified');
    await this.#camera.take('verify-all');
    await this.#press('Verify all');
    await this.#sees('Verify all again');
    await this.#camera.take('verified');
    await this.#go('overview');
    await this.#groups.run('sync', 'crm');
    await this.#page.getByRole('region', { name: 'News' }).getByRole('link').first().waitFor();
    await this.#camera.take('news');
    await this.#page.getByRole('button', { name: /^Notifications/ }).click();
    await this.#camera.take('notifications');
    await this.#page.keyboard.press('Escape');
    await this.#page.keyboard.press('Control+k');
    await this.#page.keyboard.type('erp');
    await this.#sees('opens the wizard');
    await this.#camera.take('search');
    await this.#page.keyboard.press('Escape');
  }

  async #overAndBack(): Promise<void> {
    await this.#go('do/failover/erp');
    await this.#page.getByRole('button', { name: /^Point 1\.4,/ }).click();
    await this.#camera.take('failover-choices');
    await this.#check();
    await this.#camera.take('failover-prerequisites');
    await this.#acknowledge();
    await this.#camera.take('failover-review');
    await this.#confirm('Fail over to Hall B');
    await this.#camera.take('failover-result');
    for (const [operation, verb] of [
      ['commit', 'Commit'],
      ['reprotect', 'Reprotect'],
      ['failback', 'Fail back to Hall A'],
    ] as const) {
      await this.#go(`do/${operation}/erp`);
      await this.#sees('Check prerequisites');
      await this.#camera.take(`${operation}-choices`);
      await this.#check();
      await this.#acknowledge();
      await this.#camera.take(`${operation}-review`);
      await this.#confirm(verb);
      await this.#camera.take(`${operation}-result`);
    }
  }

  async #whatGoesWrong(): Promise<void> {
    const groups = this.#groups;
    await this.#go('do/resume/web');
    await this.#sees('Check prerequisites');
    await this.#camera.take('resume-choices');
    writeFileSync(groups.path('hall-b', 'crm-1.img'), 'somebody wrote here');
    await this.#go('do/failover/crm');
    await this.#check();
    await this.#camera.take('blocked-prerequisites');
    rmSync(groups.path('hall-a', 'crm-2.img'));
    await this.#go('do/sync/crm');
    await this.#check();
    await this.#camera.take('lost-volume-prerequisites');
    await this.#go('groups/there-is-no-such-group');
    await this.#sees('There is no group');
    await this.#camera.take('no-such-group');
  }

  /** One of its groups is blocked by now, so that the plan stops there. */
  async #failoverPlan(): Promise<void> {
    await this.#go('new-plan');
    await this.#fill('Name, typed to confirm', 'hall-a-lost');
    await this.#page.getByLabel('Plan', { exact: true }).fill('priorities:\n  1: [erp, crm]\n  2: [mail, web]\n');
    await this.#camera.take('plan-editor');
    await this.#press('Save the plan');
    await this.#sees('What the plan can carry out');
    await this.#camera.take('plan');
    await this.#page.getByRole('link', { name: 'Fail over…', exact: true }).click();
    await this.#sees('could not begin now');
    await this.#camera.take('plan-review');
    await this.#press('Review and confirm');
    await this.#fill("Type the plan's name", 'hall-a-lost');
    await this.#camera.take('plan-confirm');
    await this.#press('Fail over');
    await this.#sees('has stopped');
    await this.#camera.take('plan-stopped');
    await this.#go('plans');
    await this.#sees('1 failover plan');
    await this.#camera.take('plans');
  }

  async #go(address: string): Promise<void> {
    await this.#page.goto(`${origin}/#/${address}`);
  }

  async #fill(label: string, value: string, nth = 0): Promise<void> {
    await this.#page.getByLabel(label).nth(nth).fill(value);
  }

  async #press(name: string): Promise<void> {
    await this.#page.getByRole('button', { name, exact: true }).click();
  }

  async #sees(text: string): Promise<void> {
    await this.#page.getByText(text).first().waitFor();
  }

  async #check(): Promise<void> {
    await this.#press('Check prerequisites');
    await this.#sees('Nothing has been changed.');
  }

  async #acknowledge(): Promise<void> {
    for (const box of await this.#page.getByRole('checkbox').all()) await box.check();
    await this.#press('Review');
  }

  async #confirm(verb: string): Promise<void> {
    const name = this.#page.getByLabel(/Type the group's name/);
    if ((await name.count()) > 0) await name.fill('erp');
    await this.#press(verb);
    await this.#finished();
  }

  async #finished(): Promise<void> {
    await this.#page.getByRole('heading', { name: / is done$/ }).waitFor({ timeout: 120_000 });
  }
}
