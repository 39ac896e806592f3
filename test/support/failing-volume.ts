/**
 * A volume of which sectors cannot be read, as of a failing disk: nbdkit serves a file and refuses what is named. Where
 * it may be written, a sector that is written whole is sound again, as a disk puts another one in its place.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
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
  /** A file on a FUSE mount. */
  readonly path: string;
  readonly #control: string;

  private constructor(path: string, control: string) {
    this.path = path;
    this.#control = control;
  }

  /** Serves a file of whole sectors until the test ends; left `readOnly`, it is written through that file. */
  static async of(scratch: Scratch, file: string, readOnly = true): Promise<FailingVolume> {
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
    const remap = `awk -v from="$4" -v n="$3" '!($1 >= from && $2 <= from + n)' '${control}' > '${control}.new'`;
    const pwrite = [
      `dd of='${file}' oflag=seek_bytes seek="$4" conv=notrunc bs=64K status=none || exit 1`,
      `if [ -s '${control}' ]; then ${remap} && mv '${control}.new' '${control}'; fi`,
    ].join('\n');
    const writable = ['can_write=exit 0', 'can_flush=exit 0', `pwrite=${pwrite}`, 'flush=exit 0'];
    const plugin = ['eval', `get_size=stat -c %s '${file}'`, `pread=${pread}`, ...(readOnly ? [] : writable)];
    const options = readOnly ? ['--readonly'] : [];
    scratch.start('nbdkit', '--foreground', ...options, '--unix', socket, ...plugin);
    await until(() => existsSync(socket));
    scratch.start('nbdfuse', ...options, place, '--unix', socket);
    scratch.later(() => run('umount', '--lazy', place));
    await until(() => readdirSync(place).includes('nbd'));
    return new FailingVolume(`${place}/nbd`, control);
  }

  /** The ranges that cannot be read now, one a line; empty where all can. */
  get bad(): string {
    return readFileSync(this.#control, 'utf8');
  }

  /** From now on these ranges cannot be read, and all else can. */
  spoil(ranges: readonly BadRange[]): void {
    writeFileSync(
      this.#control,
      ranges.map(({ offset, length, error = 'EIO' }) => `${offset} ${offset + length} ${error}\n`).join(''),
    );
  }
}
