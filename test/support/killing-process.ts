/**
 * Loaded before a command in a process of its own, in each of its threads: kills the process with SIGKILL when it is
 * about to make its Nth change at the sites. A change is a write to a file, of its size, its removal, that it gets its
 * name by a copy or by being renamed, or that a folder is made or removed, in whichever thread.
 */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { killOrderSchema, killVariable } from './kill-order.ts';

const order = killOrderSchema.parse(JSON.parse(process.env[killVariable] ?? ''));
const wanted = new RegExp(order.files);

/** Counts in a file, which all threads share: it grows by a byte with each change. */
function change(file: string): void {
  if (!wanted.test(file)) return;
  const counter = fs.openSync(order.counter, 'a');
  write(counter, Buffer.alloc(1));
  if (fs.fstatSync(counter).size >= order.nth) process.kill(process.pid, 'SIGKILL');
  fs.closeSync(counter);
}

const write = fs.writeSync;
const truncate = fs.ftruncateSync;
const remove = fs.rmSync;
const rename = fs.renameSync;
const makeFolder = fs.mkdirSync;
const removeFolder = fs.rmdirSync;
const copyFile = fs.copyFileSync;

function writeSync(fd: number, ...rest: unknown[]): number {
  change(fs.readlinkSync(`/proc/self/fd/${fd}`));
  return Reflect.apply(write, fs, [fd, ...rest]) as number;
}

function ftruncateSync(fd: number, bytes?: number): void {
  change(fs.readlinkSync(`/proc/self/fd/${fd}`));
  truncate(fd, bytes);
}

function rmSync(...args: Parameters<typeof fs.rmSync>): void {
  if (fs.existsSync(args[0])) change(String(args[0]));
  remove(...args);
}

function mkdirSync(...args: Parameters<typeof fs.mkdirSync>): string | undefined {
  if (!fs.existsSync(args[0])) change(String(args[0]));
  return makeFolder(...args);
}

function rmdirSync(...args: Parameters<typeof fs.rmdirSync>): void {
  change(String(args[0]));
  removeFolder(...args);
}

function renameSync(...args: Parameters<typeof fs.renameSync>): void {
  change(String(args[1]));
  rename(...args);
}

function copyFileSync(...args: Parameters<typeof fs.copyFileSync>): void {
  change(String(args[1]));
  copyFile(...args);
}

Object.assign(fs, { writeSync, ftruncateSync, rmSync, renameSync, copyFileSync, mkdirSync, rmdirSync });
syncBuiltinESMExports();
