/**
 * The calls of the C library that Node does not have, through koffi: lseek(2) with SEEK_DATA and SEEK_HOLE,
 * fallocate(2), posix_fadvise(2), ioprio_set(2) and the status of loop devices (linux/loop.h). Offsets are 64 bits
 * wide, as off_t is on every 64-bit Linux. Nothing is loaded before the first call, so that other systems can import
 * this.
 */
import koffi from 'koffi';

const SEEK_END = 2;
const SEEK_DATA = 3;
const SEEK_HOLE = 4;
const FALLOC_FL_KEEP_SIZE = 0x01;
const FALLOC_FL_PUNCH_HOLE = 0x02;
const POSIX_FADV_WILLNEED = 3;
const SYNC_FILE_RANGE_WRITE = 2;
const IOPRIO_WHO_PROCESS = 1;
/** IOPRIO_CLASS_BE, its lowest level. */
const BEST_EFFORT_LOWEST = (2 << 13) | 7;
/** The number of ioprio_set, which the C library has no name for (asm/unistd.h). */
const ioprioSetNumbers: Readonly<Partial<Record<NodeJS.Architecture, number>>> = { x64: 251, arm64: 30 };
const LOOP_GET_STATUS64 = 0x4c05;
/** sizeof(struct loop_info64). */
const LOOP_INFO64_BYTES = 232;

interface Library {
  lseek: (fd: number, offset: number, whence: number) => number | bigint;
  fallocate: (fd: number, mode: number, offset: number, length: number) => number;
  posixFadvise: (fd: number, offset: number, length: number, advice: number) => number;
  syncFileRange: (fd: number, offset: number, length: number, flags: number) => number;
  ioctl: (fd: number, request: number, argument: Buffer) => number;
  syscall: (number: number, which: number, who: number, value: number) => number | bigint;
}

let loaded: Library | undefined;

function library(): Library {
  if (loaded !== undefined) return loaded;
  const libc = koffi.load(null);
  loaded = {
    lseek: libc.func('int64_t lseek(int fd, int64_t offset, int whence)'),
    fallocate: libc.func('int fallocate(int fd, int mode, int64_t offset, int64_t length)'),
    posixFadvise: libc.func('int posix_fadvise(int fd, int64_t offset, int64_t length, int advice)'),
    syncFileRange: libc.func('int sync_file_range(int fd, int64_t offset, int64_t length, unsigned int flags)'),
    ioctl: libc.func('int ioctl(int fd, unsigned long request, void *argument)'),
    syscall: libc.func('long syscall(long number, int which, int who, int value)'),
  };
  return loaded;
}

function seek(fd: number, offset: number, whence: number): number {
  const position = Number(library().lseek(fd, offset, whence));
  return position < 0 ? -koffi.errno() : position;
}

/** Offset of the first data at or after `from`, or the negated errno (-ENXIO: there is none). */
export function seekData(fd: number, from: number): number {
  return seek(fd, from, SEEK_DATA);
}

/** Offset of the first hole at or after `from` (the end of a file counts as one), or the negated errno. */
export function seekHole(fd: number, from: number): number {
  return seek(fd, from, SEEK_HOLE);
}

/** Offset of the end, bytes: the size of a block device. Or the negated errno. */
export function seekEnd(fd: number): number {
  return seek(fd, 0, SEEK_END);
}

/** Gives a range of a file back to its file system, keeping the file's size. 0, or the negated errno. */
export function punchHole(fd: number, offset: number, length: number): number {
  const result = library().fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, offset, length);
  return result === 0 ? 0 : -koffi.errno();
}

/** Starts reading a range into the page cache. Advice only: failures are of no consequence. */
export function adviseWillNeed(fd: number, offset: number, length: number): void {
  library().posixFadvise(fd, offset, length, POSIX_FADV_WILLNEED);
}

/**
 * Starts writing a range out, and does not wait for it (sync_file_range(2), which is no flush). It takes no notice of
 * errors and consumes none: the next flush tells them.
 */
export function startWriteOut(fd: number, offset: number, length: number): void {
  library().syncFileRange(fd, offset, length, SYNC_FILE_RANGE_WRITE);
}

/** Puts the calling thread at the lowest level of the best-effort class. Failures are of no consequence. */
export function lowerThreadIoPriority(): void {
  const ioprioSet = ioprioSetNumbers[process.arch];
  // 0 is the calling thread.
  if (ioprioSet !== undefined) library().syscall(ioprioSet, IOPRIO_WHO_PROCESS, 0, BEST_EFFORT_LOWEST);
}

/** What a loop device is attached to, as stat(2) would number it. */
export interface LoopStatus {
  /** st_dev and st_ino of the backing file. */
  backingDevice: number;
  backingInode: bigint;
  /** st_rdev of the backing file: not 0 where it is a device itself. */
  backingRdev: number;
}

/** The status of the loop device open as `fd`, or null where there is none (not attached). */
export function loopStatus(fd: number): LoopStatus | null {
  const info = Buffer.alloc(LOOP_INFO64_BYTES);
  if (library().ioctl(fd, LOOP_GET_STATUS64, info) !== 0) return null;
  return {
    backingDevice: Number(info.readBigUInt64LE(0)),
    backingInode: info.readBigUInt64LE(8),
    backingRdev: Number(info.readBigUInt64LE(16)),
  };
}
