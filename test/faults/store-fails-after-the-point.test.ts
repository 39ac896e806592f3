/** Each write to the replica's record fails in turn: once the point is complete, the run has succeeded. */
import { rmSync } from 'node:fs';
import { expect, test } from 'vitest';
import { failureVariable, type FailureOrder } from '../support/failure-order.ts';
import { cyclesOf } from '../support/site-states.ts';
import { TwoSites, write } from '../support/two-sites.ts';

test('what is left to be tidied then is a warning', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect('--keep-points', '1');
  const counter = sites.path('calls');
  let newest = '1.1';
  let warned = 0;
  for (let nth = 1; ; nth += 1) {
    write(sites.source(0), 0, 9000);
    rmSync(counter, { force: true });
    const order: FailureOrder = { files: '/b/store/erp/record$', call: 'write', nth, forGood: true, counter };
    const variables = { [failureVariable]: JSON.stringify(order) };
    const { exitCode, report, printed } = await sites.sitepair.startWith('failing-process.ts', variables, 'sync', 'erp')
      .ended;
    const group = await sites.sitepair.group('erp');
    const point = cyclesOf(group).at(-1) ?? '';
    expect(exitCode === 0, printed).toBe(point !== newest);
    if (point === newest && group.phase === 'interrupted') await sites.sitepair.must('rollback', 'erp');
    if (point !== newest && report.warnings?.length === 0) break;
    if (point !== newest) warned += 1;
    newest = point;
  }
  expect(warned).toBeGreaterThan(0);
  sites.expectMirrored();
});
