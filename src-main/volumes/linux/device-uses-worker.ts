/** The worker of device-uses.ts: looks once and posts what it found. */
import { parentPort } from 'node:worker_threads';
import { allDevices } from './block-devices.ts';
import type { KernelUses } from './device-uses.ts';
import { deviceSpace } from './loops.ts';
import { mountHolding } from './mounts.ts';
import { followUses, readUseFacts, volumePlace } from './use-places.ts';

const facts = readUseFacts();
const answer: KernelUses = { byDevice: {}, byMountPoint: {} };

for (const device of allDevices()) {
  try {
    const { uses } = followUses(volumePlace(deviceSpace(device), device), facts);
    answer.byDevice[device] = uses.map((use) => use.detail);
  } catch {
    // It was taken out while it was looked at.
  }
}

const files = [
  ...facts.loops.map((loop) => ({ path: loop.backingPath, use: `backs ${loop.node} (${loop.backingPath})` })),
  ...facts.swaps.map((swap) => ({ path: swap.path, use: `holds the swap file ${swap.path}` })),
];
for (const { path, use } of files) {
  const mount = path.startsWith('/dev/') ? null : mountHolding(facts.mounts, path);
  if (mount !== null) (answer.byMountPoint[mount.mountPoint] ??= []).push(use);
}

parentPort?.postMessage(answer);
