/**
 * Digests of whole volumes, computed independently of the engine: SHA-256 of node:crypto over a plain stream of the
 * file, holes and all, as sha256sum would read it.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';

/** SHA-256 by the volume's name, as hexadecimal digits. */
export type Digests = ReadonlyMap<string, string>;

const readBytes = 1 << 20;

/**
 * The digest of a file. `read` is told of bytes as they are read. Rejects with an AbortError once `signal` is aborted.
 */
export async function sha256Of(file: string, read: (bytes: number) => void, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  const stream = createReadStream(file, { highWaterMark: readBytes, signal });
  for await (const part of stream as AsyncIterable<Buffer>) {
    hash.update(part);
    read(part.length);
  }
  return hash.digest('hex');
}
