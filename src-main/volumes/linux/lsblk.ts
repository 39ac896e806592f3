/** The block devices of this machine: from `lsblk`, which asks udev, or from /sys alone where it does not answer. */
import { execFile } from 'node:child_process';
import { z } from 'zod';
import { allDevices, deviceBytes, deviceNode, diskOf, hardwareIdentity, isReadOnlyDevice } from './block-devices.ts';

export interface BlockDevice {
  /** "MAJOR:MINOR". */
  device: string;
  path: string;
  sizeBytes: number;
  /** Null where it is not mounted or not known. */
  usedBytes: number | null;
  fileSystem: string | null;
  readOnly: boolean;
  serial: string | null;
  model: string | null;
  /** Of its file system. */
  label: string | null;
}

const columns = 'MAJ:MIN,PATH,SIZE,FSUSED,FSTYPE,RO,SERIAL,MODEL,LABEL';

const text = z
  .string()
  .nullish()
  .transform((value) => value?.trim() ?? '')
  .transform((value) => (value === '' ? null : value));
/** Older versions of lsblk put numbers and flags into strings. */
const count = z.union([z.number(), z.string().regex(/^\d+$/).transform(Number)]);
const flag = z.union([z.boolean(), z.enum(['0', '1']).transform((value) => value === '1')]);

const answerSchema = z.object({
  blockdevices: z.array(
    z
      .object({
        'maj:min': z.string().transform((value) => value.trim()),
        path: z.string(),
        size: count,
        fsused: count.nullish(),
        fstype: text,
        ro: flag,
        serial: text,
        model: text,
        label: text,
      })
      .transform((row): BlockDevice => ({
        device: row['maj:min'],
        path: row.path,
        sizeBytes: row.size,
        usedBytes: row.fsused ?? null,
        fileSystem: row.fstype,
        readOnly: row.ro,
        serial: row.serial,
        model: row.model,
        label: row.label,
      })),
  ),
});

/**
 * All block devices that have a medium, partitions included, each once. Never fails: where `lsblk` is missing, fails,
 * or does not answer within `timeoutMs`, file systems and models are not known, and the rest comes from /sys.
 */
export async function blockDevices(command = 'lsblk', timeoutMs = 10_000): Promise<BlockDevice[]> {
  const answered = await askLsblk(command, timeoutMs);
  const devices = answered ?? allDevices().map(fromSys);
  const byNumber = new Map(devices.map((device) => [device.device, device]));
  return [...byNumber.values()].filter((device) => device.sizeBytes > 0);
}

function askLsblk(command: string, timeoutMs: number): Promise<BlockDevice[] | null> {
  return new Promise((resolve) => {
    const args = ['--json', '--bytes', '--list', '--output', columns];
    const environment = { ...process.env, LC_ALL: 'C' };
    const child = execFile(command, args, { env: environment, maxBuffer: 1 << 26 }, (error, output) => {
      clearTimeout(timer);
      resolve(error === null ? parseLsblk(output) : null);
    });
    // A child that waits for a stalled device survives its kill until the device answers: it is left alone.
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      child.unref();
      child.stdout?.destroy();
      child.stderr?.destroy();
      resolve(null);
    }, timeoutMs);
  });
}

/** Parses the JSON of `lsblk --json --bytes --list` with the columns above; null where it is of another shape. */
export function parseLsblk(output: string): BlockDevice[] | null {
  try {
    return answerSchema.safeParse(JSON.parse(output)).data?.blockdevices ?? null;
  } catch {
    return null;
  }
}

function fromSys(device: string): BlockDevice {
  return {
    device,
    path: deviceNode(device),
    sizeBytes: deviceBytes(device),
    usedBytes: null,
    fileSystem: null,
    readOnly: isReadOnlyDevice(device),
    serial: hardwareIdentity(diskOf(device)?.disk ?? device)?.serial ?? null,
    model: null,
    label: null,
  };
}
