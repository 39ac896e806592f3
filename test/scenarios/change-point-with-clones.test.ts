/**
 * Changing the point after production has written, on a file system with reflinks: production's version is kept as
 * `before-change` and can be brought back.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createApplication } from '../../src-main/app.ts';
import type { OperationRequest, OperationResult } from '../../src-main/contract/runs.ts';
import { skipUnless } from '../needs.ts';
import { run, Scratch } from '../volumes/scratch.ts';

test('production’s version is set aside, the points stay reachable, and it can be brought back', async (context) => {
  skipUnless(context, { root: true, commands: ['mkfs.btrfs', 'mount'] });
  const scratch = new Scratch(context);
  const image = scratch.sparseFile('btrfs.img', 256 << 20);
  run('mkfs.btrfs', '-q', image);
  const place = scratch.mount(image, 'recovery', '-o', 'loop');
  const application = await createApplication({ home: scratch.path('home'), operator: 'tester', clientName: 'test' });
  scratch.later(() => application.close());
  const source = scratch.path('volume');
  const replica = join(place, 'volume');
  const operate = async (request: Omit<OperationRequest, 'group' | 'confirm'>): Promise<OperationResult> => {
    const { runId } = await application.invoke('operations.start', { ...request, group: 'g', confirm: 'g' });
    const result = await application.invoke('operations.result', { runId });
    expect(result.run.error ?? result.run.outcome).toBe('succeeded');
    return result;
  };
  const content = (seed: number): Buffer => Buffer.alloc(1 << 20, seed);
  writeFileSync(source, content(1));
  await application.invoke('groups.create', {
    name: 'g',
    primarySite: 'A',
    recoverySite: 'B',
    pairs: [{ source, target: replica }],
    primaryStore: scratch.path('store'),
    recoveryStore: join(place, 'store'),
    policy: {},
  });
  const first = await operate({ operation: 'protect' });
  writeFileSync(source, content(2));
  await operate({ operation: 'sync' });
  await operate({ operation: 'failover' });
  writeFileSync(replica, content(3));

  const changed = await operate({ operation: 'change-point', point: first.run.pointId });
  expect(readFileSync(replica).equals(content(1))).toBe(true);
  const kept = changed.group?.points.find((point) => point.kind === 'before-change');
  expect(kept?.state).toBe('usable');

  await operate({ operation: 'change-point', point: kept?.id });
  expect(readFileSync(replica).equals(content(3))).toBe(true);

  const again = await operate({ operation: 'change-point', point: first.run.pointId });
  expect(readFileSync(replica).equals(content(1))).toBe(true);
  const keptAgain = again.group?.points.find((point) => point.kind === 'before-change');
  writeFileSync(replica, content(4));
  const { runId } = await application.invoke('operations.start', {
    operation: 'change-point',
    group: 'g',
    confirm: 'g',
    point: keptAgain?.id,
  });
  const refused = await application.invoke('operations.result', { runId });
  expect(refused.run.error?.message).toMatch(
    /they would be lost if the version from before the change took their place/,
  );
  expect(readFileSync(replica).equals(content(4))).toBe(true);

  const committed = await operate({ operation: 'commit' });
  expect(committed.group?.points.filter((point) => point.kind !== 'as-left')).toEqual([]);
  expect(run('ls', place).split('\n').sort()).toEqual(['store', 'volume']);
});
