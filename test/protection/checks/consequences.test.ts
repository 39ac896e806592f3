/** What is reviewed before the name is typed names the volumes that are written. */
import { expect, test } from 'vitest';
import type { Operation } from '../../../src-main/contract/phases.ts';
import { checksOf } from '../../support/checking.ts';
import { confirmed } from '../../support/site-states.ts';
import { TwoSites } from '../../support/two-sites.ts';

test('a failover, an undo, a reprotect and a failback name their volumes', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  const a = `Hall A: ${sites.source()}, ${sites.source(1)}.`;
  const b = `Hall B: ${sites.target()}, ${sites.target(1)}.`;
  const says = async (operation: Operation): Promise<string[]> => (await checksOf(sites, operation)).consequences;
  expect(await says('failover')).toContain(`Promoted at ${b}`);
  await confirmed(sites, ['failover']);
  expect(await says('undo')).toContain(`Written where they differ at ${b}`);
  await confirmed(sites, ['commit']);
  expect(await says('reprotect')).toContain(`Written where they differ at ${a}`);
  await confirmed(sites, ['reprotect']);
  expect(await says('undo')).toContain(`Written where they differ at ${a}`);
  expect(await says('failback')).toContain(`Brought up to date and promoted at ${a}`);
});
