/**
 * The checks of an operation, computed by the application on two sites. Whatever a test checks, it is held to this too:
 * a check changes nothing, and says what it found in sentences that an operator understands.
 */
import { expect, onTestFinished } from 'vitest';
import { createApplication } from '../../src-main/app.ts';
import type { Application } from '../../src-main/contract/contract.ts';
import type { CheckId, CheckReport, CheckResult, CheckStatus } from '../../src-main/contract/checks.ts';
import type { Operation } from '../../src-main/contract/phases.ts';
import type { OperationRequest } from '../../src-main/contract/runs.ts';
import { treeOf } from './tree.ts';
import type { TwoSites } from './two-sites.ts';

/** What a check is expected to say; patterns are matched against the whole sentence. */
export interface Expected {
  status: CheckStatus;
  found: RegExp;
  remedy?: RegExp;
  /** Whether the operation is kept from starting by it; left out: not looked at. */
  blocks?: boolean;
}

/** One application a test, as opening it takes longer than a check. */
const applications = new WeakMap<TwoSites, Promise<Application>>();

function applicationOf(sites: TwoSites): Promise<Application> {
  const known = applications.get(sites);
  if (known !== undefined) return known;
  const opened = createApplication({ home: sites.sitepair.home, operator: 'tester', clientName: 'test' });
  applications.set(sites, opened);
  onTestFinished(async () => (await opened).close());
  return opened;
}

/** Asks what an operation would meet. */
export async function checksOf(
  sites: TwoSites,
  operation: Operation,
  request: Partial<OperationRequest> = {},
): Promise<CheckReport> {
  const application = await applicationOf(sites);
  const present = async (): Promise<unknown> => [
    treeOf(sites.path('a'), sites.path('b')),
    await application.invoke('runs.list', { limit: 1000 }),
    await application.invoke('audit.list', { limit: 1000 }),
  ];
  const before = await present();
  const report = await application.invoke('checks.run', { operation, group: sites.name, ...request });
  expect(await present()).toEqual(before);
  report.checks.forEach(expectWording);
  return report;
}

/** Asks what an operation would meet, and holds one of its checks against what is expected. */
export async function expectCheck(
  sites: TwoSites,
  operation: Operation,
  id: CheckId,
  expected: Expected,
  request: Partial<OperationRequest> = {},
): Promise<CheckResult> {
  const { checks, verdict } = await checksOf(sites, operation, request);
  const check = checks.find((one) => one.id === id);
  if (check === undefined) throw new Error(`${operation} has not come to ${id}: ${JSON.stringify(checks, null, 1)}`);
  const said = JSON.stringify(check, null, 1);
  expect(check.status, said).toBe(expected.status);
  expect(check.found).toMatch(expected.found);
  if (expected.remedy !== undefined) expect(check.remedy).toMatch(expected.remedy);
  if (expected.blocks !== undefined) expect(check.blocks, said).toBe(expected.blocks);
  if (check.blocks && !check.accepted) expect(verdict).toBe('blocked');
  return check;
}

/** A sentence begins with a capital letter, a path or a number, and ends; a remedy may end with a command to copy. */
function expectWording(check: CheckResult): void {
  const said = JSON.stringify(check, null, 1);
  const sentence = /^[A-Z/\d].*\.$/s;
  expect(check.title, said).toMatch(/^[A-Z].*[^.]$/);
  expect(check.found, said).toMatch(sentence);
  expect(check.why, said).toMatch(sentence);
  for (const text of [check.found, check.remedy]) {
    expect(text, said).not.toMatch(/undefined|null|NaN|\[object|\.\.|\bE[A-Z]{4,}:|inside Sitepair/);
  }
  if (check.remedy !== '') expect(check.remedy, said).toMatch(/^[A-Z].*(\.|sitepair [^.]*)$/s);
  if (check.status === 'fail' || check.status === 'unknown') expect(check.remedy, said).not.toBe('');
  if (check.status === 'pass') expect(check.remedy, said).toBe('');
}
