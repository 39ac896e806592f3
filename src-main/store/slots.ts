/**
 * Two preallocated slots that hold one small JSON record, written in turn, so that at every instant one of them is
 * whole and no space is needed to write. The valid slot with the higher serial is the record.
 *
 * A slot: 512 bytes of header (magic "SPSL", format u16, serial u48, epoch u48, payload length u32, BLAKE3 of the
 * payload, then BLAKE3 of those bytes), then the payload as UTF-8. Integers are little-endian. Slots begin at pages of
 * 4096 bytes: the system writes whole pages, and one that is torn by a power cut must not reach into the other slot.
 */
import { SitepairError } from '../contract/errors.ts';
import { digest, digestBytes, intact } from './checksum.ts';
import type { DiskFile } from './disk.ts';

const magic = 'SPSL';
const slotFormat = 1;
const headerBytes = 512;
const pageBytes = 4096;
const sealedBytes = 4 + 2 + 6 + 6 + 4 + digestBytes;

export interface SlotHeader {
  serial: number;
  epoch: number;
}

export interface SlotContent extends SlotHeader {
  payload: string;
}

interface RawHeader extends SlotHeader {
  slot: 0 | 1;
  length: number;
  payloadDigest: Buffer;
}

/** Bytes of a file with two slots for payloads of up to `payloadBytes`. */
export function slotFileBytes(payloadBytes: number): number {
  return 2 * pageBytes * Math.ceil((headerBytes + payloadBytes) / pageBytes);
}

function slotBytes(file: DiskFile): number {
  return Math.floor(file.size() / 2 / pageBytes) * pageBytes;
}

function readHeader(file: DiskFile, slot: 0 | 1): RawHeader | null {
  const size = slotBytes(file);
  if (size <= headerBytes) return null;
  const header = Buffer.alloc(headerBytes);
  file.read(header, slot * size);
  if (header.toString('latin1', 0, 4) !== magic) return null;
  if (!intact(header.subarray(0, sealedBytes), header.subarray(sealedBytes, sealedBytes + digestBytes))) return null;
  const format = header.readUInt16LE(4);
  if (format > slotFormat) {
    throw new SitepairError({
      code: 'format-too-new',
      message: `The store file ${file.name} was written by a newer Sitepair (format ${format}, this one knows ${slotFormat}).`,
      where: file.name,
      remedy: 'Update Sitepair on this machine to the version that wrote the store.',
    });
  }
  const length = header.readUInt32LE(18);
  if (length > size - headerBytes) return null;
  return {
    slot,
    serial: header.readUIntLE(6, 6),
    epoch: header.readUIntLE(12, 6),
    length,
    payloadDigest: Buffer.from(header.subarray(22, 22 + digestBytes)),
  };
}

/** The record of a slot whose header is whole; null where its payload is not. */
function readContent(file: DiskFile, header: RawHeader): SlotContent | null {
  const payload = Buffer.alloc(header.length);
  file.read(payload, header.slot * slotBytes(file) + headerBytes);
  if (!intact(payload, header.payloadDigest)) return null;
  return { serial: header.serial, epoch: header.epoch, payload: payload.toString('utf8') };
}

/** The headers that are whole, newest first. */
function readHeaders(file: DiskFile): RawHeader[] {
  const headers = [readHeader(file, 0), readHeader(file, 1)].filter((header) => header !== null);
  return headers.sort((a, b) => b.serial - a.serial);
}

function newestSlot(file: DiskFile): { slot: 0 | 1; content: SlotContent } | null {
  for (const header of readHeaders(file)) {
    const content = readContent(file, header);
    if (content !== null) return { slot: header.slot, content };
  }
  return null;
}

/** The record, or null where neither slot is whole. Throws `format-too-new`. */
export function readSlots(file: DiskFile): SlotContent | null {
  return newestSlot(file)?.content ?? null;
}

/**
 * Whether both slots were written and neither is whole. A write tears the one while the other one is: such a file was
 * damaged, and one that was never written to is none.
 */
export function bothDamaged(file: DiskFile): boolean {
  return readSlots(file) === null && ([0, 1] as const).every((slot) => isWritten(file, slot));
}

function isWritten(file: DiskFile, slot: 0 | 1): boolean {
  const size = slotBytes(file);
  const head = Buffer.alloc(Math.min(headerBytes, size));
  if ((slot + 1) * size > file.size() || head.length === 0) return false;
  file.read(head, slot * size);
  return head.some((byte) => byte !== 0);
}

/**
 * Serial and epoch of the record that readSlots gives: what writers look at before each batch. A slot whose header was
 * written and whose payload was torn counts for nothing; a record that the caller has `known` to be whole is not read
 * again.
 */
export function readSlotHeader(file: DiskFile, known: SlotHeader | null = null): SlotHeader | null {
  for (const header of readHeaders(file)) {
    const { serial, epoch } = header;
    const seen = serial === known?.serial && epoch === known.epoch;
    if (seen || readContent(file, header) !== null) return { serial, epoch };
  }
  return null;
}

/**
 * Writes a record into the slot that does not hold the newest one, and makes it durable.
 * Throws `store-damaged` where the payload does not fit; nothing is written then.
 */
export function writeSlot(file: DiskFile, content: SlotContent): void {
  const size = slotBytes(file);
  const payload = Buffer.from(content.payload, 'utf8');
  if (payload.length > size - headerBytes) {
    throw new SitepairError({
      code: 'store-damaged',
      message: `The record of ${payload.length} bytes does not fit the ${size - headerBytes} bytes kept for it in ${file.name}.`,
      where: file.name,
      remedy:
        'Roll back where a cycle is open, drop points that are not needed any more (points NAME --drop POINT), and have fewer kept (group set --keep-points); then try again.',
    });
  }
  const newest = newestSlot(file);
  const target = newest?.slot === 0 ? 1 : 0;
  eraseTorn(file, target, newest?.content.serial ?? -1);
  const image = Buffer.alloc(headerBytes + payload.length);
  image.write(magic, 0, 'latin1');
  image.writeUInt16LE(slotFormat, 4);
  image.writeUIntLE(content.serial, 6, 6);
  image.writeUIntLE(content.epoch, 12, 6);
  image.writeUInt32LE(payload.length, 18);
  digest(payload).copy(image, 22);
  digest(image.subarray(0, sealedBytes)).copy(image, sealedBytes);
  payload.copy(image, headerBytes);
  writeDurably(file, image, target * size);
}

/**
 * After a flush that failed, what was written reads as if it were on the disk, and no later flush says that it is not:
 * somebody would act on a record that a power cut takes back, and write the next one over the only copy that is whole.
 * So it is written once more, and waits for the flush of whoever reads it next (GroupStore.open), which tells.
 */
function writeDurably(file: DiskFile, image: Buffer, offset: number): void {
  file.write(image, offset);
  try {
    file.flush();
  } catch (error) {
    try {
      file.write(image, offset);
    } catch {
      // That the flush failed is what is to be told.
    }
    throw error;
  }
}

/**
 * Erases the header of a newer record whose payload a power cut tore, before another is written over it. Two payloads
 * have most sectors in common: a second cut could else complete the first, under its own header, long after somebody
 * took it for not written.
 */
function eraseTorn(file: DiskFile, slot: 0 | 1, newestSerial: number): void {
  const header = readHeader(file, slot);
  if (header === null || header.serial <= newestSerial) return;
  writeDurably(file, Buffer.alloc(headerBytes), slot * slotBytes(file));
}
