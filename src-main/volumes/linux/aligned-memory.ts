/**
 * Memory for O_DIRECT, which wants it aligned to the device's blocks. That of a WebAssembly instance is page-aligned, a
 * Buffer's is not.
 */

/** The part of the global that is used here; Node's types leave it out. */
declare const WebAssembly: { Memory: new (pages: { initial: number; maximum: number }) => { buffer: ArrayBuffer } };

/** Fewer, larger calls gain nothing where nobody waits long for an answer, bytes. */
const usualBytes = 1 << 20;
/** Of WebAssembly, bytes. */
const pageBytes = 64 << 10;

let aligned: Buffer | undefined;

/** Page-aligned memory of 1 MiB, one for the thread: every use is synchronous. */
export function alignedMemory(): Buffer {
  aligned ??= newAlignedMemory(usualBytes);
  return aligned;
}

/** Page-aligned memory of its own; `bytes`: a multiple of 64 KiB. */
export function newAlignedMemory(bytes: number): Buffer {
  const pages = bytes / pageBytes;
  return Buffer.from(new WebAssembly.Memory({ initial: pages, maximum: pages }).buffer);
}
