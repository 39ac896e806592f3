/** Whoever may not look at other users' processes is told so, instead of that nothing is in use. */
import { expect, test } from 'vitest';
import type { CheckId, CheckResult } from '../../../src-main/contract/checks.ts';
import type { Operation } from '../../../src-main/contract/phases.ts';
import { runChecks } from '../../../src-main/protection/checks/run-checks.ts';
import { OpenGroup } from '../../../src-main/protection/group.ts';
import { contextOf } from '../../support/run-context.ts';
import { TwoSites } from '../../support/two-sites.ts';

/** What a check finds while seven processes may not be looked at. */
async function found(sites: TwoSites, operation: Operation, id: CheckId): Promise<CheckResult | undefined> {
  const context = contextOf(sites, { operation, group: sites.name });
  const platform = { ...context.platform, unseenProcesses: () => 7 };
  const group = OpenGroup.open(context.registration, context.machine, context.now);
  try {
    const { checks } = await runChecks(group, { ...context, platform });
    return checks.find((check) => check.id === id);
  } finally {
    group.close();
  }
}

const says = /^No .*use.* is seen, but this user may not see what 7 processes of others have open\.$/;

test('the volumes to be written: a warning', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  const check = await found(sites, 'failover', 'target-not-in-use');
  expect(check).toMatchObject({ status: 'warn', blocks: false });
  expect(check?.found).toMatch(says);
});

test('production: not known, which a planned failover does not pass by itself, and an unplanned one does', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  const planned = await found(sites, 'planned-failover', 'production-stopped');
  expect(planned).toMatchObject({ status: 'unknown', blocks: true, acceptable: true });
  expect(planned?.found).toMatch(says);
  expect(await found(sites, 'failover', 'production-stopped')).toMatchObject({ status: 'unknown', blocks: false });
});
