/** A volume that answers or hangs on demand: nbdkit serves it, and its pause filter holds every request back. */
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { connect } from 'node:net';
import { once } from 'node:events';
import type { Process, Scratch } from '../volumes/scratch.ts';
import { run, until } from '../volumes/scratch.ts';

/** What a test that hangs a volume needs of the machine. */
export const needsOfServing = { root: true, commands: ['nbdkit', 'nbdfuse', 'fusermount3'] } as const;

export class ServedVolume {
  /** A file on a FUSE mount. */
  readonly path: string;
  readonly #control: string;
  readonly #server: Process;

  private constructor(path: string, control: string, server: Process) {
    this.path = path;
    this.#control = control;
    this.#server = server;
  }

  /**
   * Serves a file as a volume until the test ends; the file's directory is that of the test. `more`: options of nbdkit,
   * filters before what sets them.
   */
  static async of(scratch: Scratch, file: string, [more, ...set]: readonly string[] = []): Promise<ServedVolume> {
    const place = `${file} served`;
    const socket = `${place}.socket`;
    const control = `${place}.control`;
    mkdirSync(place);
    const filters = ['--filter=pause', ...(more === undefined ? [] : [more])];
    const filter = [...filters, 'file', file, `pause-control=${control}`, ...set];
    scratch.start('nbdkit', '--foreground', '--unix', socket, ...filter);
    await until(() => existsSync(socket) && existsSync(control));
    // Nothing that was seen before answers in the stead of a mount that is frozen.
    const uncached = ['-o', 'attr_timeout=0', '-o', 'entry_timeout=0'];
    const server = scratch.start('nbdfuse', ...uncached, place, '--unix', socket);
    scratch.later(() => run('umount', '--lazy', place));
    await until(() => readdirSync(place).includes('nbd'));
    const served = new ServedVolume(`${place}/nbd`, control, server);
    // What hangs would hold the test's own process.
    scratch.later(() => served.answer());
    scratch.later(() => served.thaw());
    return served;
  }

  /** From now on no request is answered. */
  async hang(): Promise<void> {
    await this.#tell('p', 'P');
  }

  /** Requests are answered again, those that wait included. */
  async answer(): Promise<void> {
    await this.#tell('r', 'R');
  }

  /** From now on the whole mount hangs: not even what lies there is told. This process must not look at it. */
  freeze(): void {
    process.kill(this.#server.pid, 'SIGSTOP');
  }

  thaw(): void {
    process.kill(this.#server.pid, 'SIGCONT');
  }

  /** One letter out, one back (nbdkit-pause-filter(1)). */
  async #tell(word: string, expected: string): Promise<void> {
    const socket = connect(this.#control);
    socket.write(word);
    const [said] = (await once(socket, 'data')) as [Buffer];
    socket.destroy();
    if (said.toString() !== expected) throw new Error(`nbdkit answered ${said.toString()} to ${word}`);
  }
}
