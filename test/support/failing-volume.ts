/** A volume of which sectors cannot be read, as of a failing disk: nbdkit serves a file and refuses what is named. */
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { run, until, type Scratch } from '../volumes/scratch.ts';

/** What a test with a failing volume needs of the machine. */
export const needsOfFailing = { root: true, commands: ['nbdkit', 'nbdfuse', 'fusermount3'] } as const;

/** Bytes: where a range begins, and how long it is. */
export interface BadRange {
  offset: number;
  length: number;
  /** What reading it gives; left out: EIO, as of a bad sector. */
  error?: 'ENOMEM';
}

export class FailingVolume {
  /** A file on a FUSE mount, read only; it is written through the file that is served. */
  readonly path: string;
  readonly #control: string;

  private constructor(path: string, control: string) {
    this.path = path;
    this.#control = control;
  }

  /** Serves a file of whole sectors until the test ends. */
  static async of(scratch: Scratch, file: string): Promise<FailingVolume> {
    const place = `${file}.failing`;
    const socket = `${place}.socket`;
    const control = `${place}.control`;
    mkdirSync(place);
    writeFileSync(control, '');
    const pread = [
      'while read from to error; do',
      'if [ "$4" -lt "$to" ] && [ $(($4 + $3)) -gt "$from" ]; then echo "$error" refused >&2; exit 1; fi',
      `done < '${control}'`,
      `dd if='${file}' iflag=skip_bytes,count_bytes skip="$4" count="$3" bs=64K status=none`,
    ].join('\n');
    const plugin = ['eval', `get_size=stat -c %s '${file}'`, `pread=${pread}`];
    scratch.start('nbdkit', '--foreground', '--readonly', '--unix', socket, ...plugin);
    await until(() => existsSync(socket));
    scratch.start('nbdfuse', '--readonly', place, '--unix', socket);
    scratch.later(() => run('umount', '--lazy', place));
    await until(() => readdirSync(place).includes('nbd'));
    return new FailingVolume(`${place}/nbd`, control);
  }

  /** From now on these ranges cannot be read, and all else can. */
  spoil(ranges: readonly BadRange[]): void {
    writeFileSync(
      this.#control,
      ranges.map(({ offset, length, error = 'EIO' }) => `${offset} ${offset + length} ${error}\n`).join(''),
    );
  }
}
