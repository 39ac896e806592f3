/** Work that goes on when the window of this host is closed. */
import { expect, test } from 'vitest';
import type { CallOutput } from '../../../src-main/contract/contract.ts';
import { Stay } from '../../../src-main/hosts/chromium/stay.ts';
import { ApplicationDouble } from '../cli/application-double.ts';
import { sampleResult, sampleRun } from '../cli/sample-reports.ts';

const request = { operation: 'sync', group: 'erp' } as const;
const runId = 'run-1';

test('it goes on until it ends, which is told; with nothing under way nobody waits', async () => {
  let end: (result: CallOutput<'operations.result'>) => void = () => undefined;
  const application = new ApplicationDouble()
    .answer('operations.start', () => ({ runId }))
    .answer(
      'operations.result',
      async () =>
        new Promise((resolve) => {
          end = resolve;
        }),
    );
  const said: string[] = [];
  const told: string[] = [];
  const stay = new Stay(
    application,
    (line) => said.push(line),
    ({ title }) => told.push(title),
  );
  await stay.untilIdle();
  expect(said).toEqual([]);

  await stay.application.invoke('operations.start', request);
  let idle = false;
  const waiting = stay.untilIdle().then(() => (idle = true));
  await expect.poll(() => said.join()).toContain('Sync of erp goes on, though the window is closed. Ctrl-C stops it.');
  expect(idle).toBe(false);
  end(sampleResult({ run: sampleRun({ operation: 'sync', groupName: 'erp', outcome: 'succeeded' }) }));
  await waiting;
  expect(said.at(-1)).toContain('✔ Sync of erp');
  expect(told.join()).toContain('Sync of erp');
});
