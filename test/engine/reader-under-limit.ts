/** A thread that reads, in thought, as much as a limit lets it until it is told to stop, and says how much it was. */
import { parentPort, workerData } from 'node:worker_threads';
import { ReadLimit } from '../../src-main/engine/read-limit.ts';

const { shared, stop, bytes } = workerData as { shared: SharedArrayBuffer; stop: SharedArrayBuffer; bytes: number };
const limit = new ReadLimit(shared);
const word = new Int32Array(stop);
let read = 0;
while (Atomics.load(word, 0) === 0) if (limit.owed(bytes) === 0) read += bytes;
parentPort?.postMessage(read);
