/**
 * Loaded before a command in a process of its own, in each of its threads: at its Nth write to certain files a thread
 * runs out of memory.
 */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import v8 from 'node:v8';
import { failureOrderSchema, failureVariable } from './failure-order.ts';

// So that it does not take the machine's memory.
v8.setFlagsFromString('--max-old-space-size=128');

const order = failureOrderSchema.parse(JSON.parse(process.env[failureVariable] ?? ''));
const wanted = new RegExp(order.files);
const write = fs.writeSync;
let writes = 0;

function writeSync(fd: number, ...rest: unknown[]): number {
  if (wanted.test(fs.readlinkSync(`/proc/self/fd/${fd}`))) {
    writes += 1;
    const hoard: unknown[] = [];
    while (writes === order.nth) hoard.push(Array.from({ length: 1000 }, () => ({ hoard })));
  }
  return Reflect.apply(write, fs, [fd, ...rest]) as number;
}

Object.assign(fs, { writeSync });
syncBuiltinESMExports();
