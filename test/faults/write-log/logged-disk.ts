/** A file system on a disk that writes down every write and flush. */
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run, until, type Scratch } from '../../volumes/scratch.ts';
import { readLog, type LogRecord } from './log.ts';

/** What a test with such a disk needs of the machine. */
export const needsOfLogging = {
  root: true,
  loop: true,
  commands: ['nbdfuse', 'fusermount3', 'mkfs.ext4', 'mount', 'losetup'],
  fileSystems: ['ext4'],
} as const;

export const diskBytes = 32 << 20;

export class LoggedDisk {
  /** Where its file system is mounted. */
  readonly folder: string;
  readonly #scratch: Scratch;
  readonly #log: string;

  private constructor(scratch: Scratch, folder: string, log: string) {
    this.#scratch = scratch;
    this.folder = folder;
    this.#log = log;
  }

  /** With an empty ext4, mounted. */
  static async make(scratch: Scratch): Promise<LoggedDisk> {
    const [socket, log, place, folder] = ['disk.socket', 'disk.log', 'disk', 'sites'].map((name) => scratch.path(name));
    if (socket === undefined || log === undefined || place === undefined || folder === undefined) {
      throw new Error('no path');
    }
    mkdirSync(place);
    mkdirSync(folder);
    scratch.start(process.execPath, join(import.meta.dirname, 'server.ts'), socket, String(diskBytes), log);
    await until(() => existsSync(socket));
    scratch.start('nbdfuse', place, '--unix', socket);
    scratch.later(() => run('umount', '--lazy', place));
    await until(() => readdirSync(place).includes('nbd'));
    const disk = new LoggedDisk(scratch, folder, log);
    const device = run('losetup', '--find', '--show', join(place, 'nbd'));
    scratch.later(() => run('losetup', '--detach', device));
    run(
      'mkfs.ext4',
      '-q',
      '-F',
      '-m',
      '0',
      '-b',
      '4096',
      '-E',
      'lazy_itable_init=0,lazy_journal_init=0,nodiscard',
      device,
    );
    run('mount', device, folder);
    scratch.unmountLater(folder);
    return disk;
  }

  /** How much was written down so far, bytes: what was acknowledged until now is in it. */
  get logged(): number {
    return statSync(this.#log).size;
  }

  /** Makes all that was written so far durable. */
  flush(): void {
    run('sync', '--file-system', this.folder);
  }

  records(): LogRecord[] {
    return readLog(this.#log);
  }

  /** Mounts another disk in its place for as long as `work` takes. */
  async instead<T>(content: Buffer, work: () => Promise<T>): Promise<T> {
    const image = this.#scratch.path('cut.img');
    writeFileSync(image, content);
    const device = run('losetup', '--find', '--show', image);
    try {
      // What is mounted below stays as it is, and is not seen meanwhile.
      run('mount', device, this.folder);
      try {
        return await work();
      } finally {
        run('umount', this.folder);
      }
    } finally {
      run('losetup', '--detach', device);
    }
  }
}
