/**
 * Memory for O_DIRECT, which wants it aligned to the device's blocks. That of a WebAssembly instance is page-aligned, a
 * Buffer's is not.
 */

/** The part of the global that is used here; Node's types leave it out. */
declare const WebAssembly: { Memory: new (pages: { initial: number; maximum: number }) => { buffer: ArrayBuffer } };

/** 1 MiB, in WebAssembly's pages of 64 KiB: fewer, larger calls gain nothing. */
const memoryPages = 16;

let aligned: Buffer | undefined;

/** Page-aligned memory of 1 MiB, one for the thread: every use is synchronous. */
export function alignedMemory(): Buffer {
  aligned ??= Buffer.from(new WebAssembly.Memory({ initial: memoryPages, maximum: memoryPages }).buffer);
  return aligned;
}
