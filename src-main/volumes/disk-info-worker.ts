/** The worker of disk-info.ts: asks node-disk-info once and posts the rows. */
import { parentPort } from 'node:worker_threads';
import { getDiskInfoSync } from 'node-disk-info';

/** `df -P` counts in blocks of this size. */
const blockBytes = 1024;

parentPort?.postMessage(
  getDiskInfoSync().map((drive) => ({
    sizeBytes: drive.blocks * blockBytes,
    usedBytes: drive.used * blockBytes,
    mountPoint: drive.mounted,
  })),
);
