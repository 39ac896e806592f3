/** A folder for one test, with the loop devices, mounts and processes that the test made, all undone when it ends. */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TestContext } from 'vitest';
import { commandPath } from '../needs.ts';

const environment = { ...process.env, PATH: commandPath(), LC_ALL: 'C' };

/** Runs a command to its end and gives what it printed; throws where it fails. */
export function run(command: string, ...args: string[]): string {
  return execFileSync(command, args, { env: environment, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
}

/** Waits until a condition holds, for no longer than the test may take. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await sleep(20);
}

/** A process that a test started. */
export interface Process {
  pid: number;
  /** Kills it and waits until it is gone. */
  kill(): Promise<void>;
}

/** How the names of all such folders begin, before the id of the process that made them. */
export const scratchName = 'sitepair-volumes-';

export class Scratch {
  readonly dir = mkdtempSync(join(tmpdir(), `${scratchName}${process.pid}-`));
  readonly #undo: (() => unknown)[] = [() => rmSync(this.dir, { recursive: true })];

  constructor(context: TestContext) {
    context.onTestFinished(() => this.#undoAll());
  }

  /** Undoes all that can be undone, and only then fails for what could not. */
  async #undoAll(): Promise<void> {
    const failures: unknown[] = [];
    for (const undo of this.#undo.toReversed()) {
      try {
        await undo();
      } catch (failure) {
        failures.push(failure);
      }
    }
    if (failures.length > 0) throw new AggregateError(failures, `${this.dir} could not be cleaned up`);
  }

  /** Calls `undo` when the test ends, before what was made earlier is undone. */
  later(undo: () => unknown): void {
    this.#undo.push(undo);
  }

  path(name: string): string {
    return join(this.dir, name);
  }

  /** A file of `size` bytes, all hole. */
  sparseFile(name: string, size: number): string {
    const path = this.path(name);
    writeFileSync(path, '');
    truncateSync(path, size);
    return path;
  }

  /** Attaches a file to a loop device and gives the device's path. */
  loop(file: string, ...options: string[]): string {
    const device = run('losetup', '--find', '--show', ...options, file);
    this.later(() => run('losetup', '--detach', device));
    return device;
  }

  /** Mounts a device at a new directory and gives that. */
  mount(device: string, name: string, ...options: string[]): string {
    const point = this.path(name);
    mkdirSync(point);
    run('mount', ...options, device, point);
    this.unmountLater(point);
    return point;
  }

  /** Unmounts when the test ends; what a failed test left open there keeps the mount no longer than this process. */
  unmountLater(point: string): void {
    this.later(() => {
      try {
        run('umount', point);
      } catch {
        run('umount', '--lazy', point);
      }
    });
  }

  /** Makes a file system in a new image of `size` bytes, mounts it and gives its mount point. */
  fileSystem(type: string, size: number): string {
    const image = this.sparseFile(`${type}.img`, size);
    run(`mkfs.${type}`, ...(type === 'ext4' ? ['-q', '-F'] : ['-q']), image);
    return this.mount(this.loop(image), type);
  }

  /** Makes partition `number` of a loop device, of these bytes, and gives its path. */
  partition(device: string, number: number, start: number, length: number): string {
    // A loop device keeps the partitions that a killed user of it left.
    spawnSync('delpart', [device, String(number)], { env: environment, stdio: 'ignore' });
    run('addpart', device, String(number), String(start / 512), String(length / 512));
    this.later(() => run('delpart', device, String(number)));
    return `${device}p${number}`;
  }

  /** Starts a process, which is killed when the test ends, if it still runs. */
  start(command: string, ...args: string[]): Process {
    const child = spawn(command, args, { env: environment, stdio: 'ignore' });
    const ended = new Promise<void>((resolve) => {
      child.once('exit', () => resolve());
      child.once('error', () => resolve());
    });
    const kill = async (): Promise<void> => {
      child.kill('SIGKILL');
      await ended;
    };
    this.later(kill);
    return { pid: child.pid ?? 0, kill };
  }

  /** Starts a process that keeps a file open with these flags (fs.constants), and waits until it has it. */
  async holder(path: string, flags: number, name = 'holder'): Promise<Process> {
    const ready = this.path(`ready ${this.#undo.length}`);
    const program = `const fs = require('node:fs');
      const [path, flags, ready, name] = process.argv.slice(1);
      fs.writeFileSync('/proc/self/comm', name);
      fs.openSync(path, Number(flags));
      fs.writeFileSync(ready, '');
      setInterval(() => {}, 1000);`;
    const holder = this.start(process.execPath, '-e', program, path, String(flags), ready, name);
    await until(() => existsSync(ready));
    return holder;
  }
}
