/**
 * Loaded before a command in a process of its own, in each of its threads: the Nth write to certain files, flush of
 * them or read, in whichever thread, fails with an i/o error, and all later ones where it is for good.
 */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { failureOrderSchema, failureVariable } from './failure-order.ts';

const order = failureOrderSchema.parse(JSON.parse(process.env[failureVariable] ?? ''));
const wanted = new RegExp(order.files);

/** Counts in a file, which all threads share: it grows by a byte with each call. */
function failOrNot(fd: number): void {
  if (!wanted.test(fs.readlinkSync(`/proc/self/fd/${fd}`))) return;
  const counter = fs.openSync(order.counter, 'a');
  write(counter, Buffer.alloc(1));
  const { size } = fs.fstatSync(counter);
  fs.closeSync(counter);
  if (size === order.nth || (order.forGood && size > order.nth)) {
    throw Object.assign(new Error(`EIO: i/o error, ${order.call}`), { code: 'EIO', errno: -5, syscall: order.call });
  }
}

const write = fs.writeSync;
const flush = fs.fdatasyncSync;
const read = fs.readSync;

function writeSync(fd: number, ...rest: unknown[]): number {
  failOrNot(fd);
  return Reflect.apply(write, fs, [fd, ...rest]) as number;
}

function fdatasyncSync(fd: number): void {
  failOrNot(fd);
  flush(fd);
}

function readSync(fd: number, ...rest: unknown[]): number {
  failOrNot(fd);
  return Reflect.apply(read, fs, [fd, ...rest]) as number;
}

const calls = { write: { writeSync }, flush: { fdatasyncSync }, read: { readSync } };
Object.assign(fs, calls[order.call]);
syncBuiltinESMExports();
