/** Which machine this is: stores name the one machine that may write their site's volumes. */
import fs from 'node:fs';
import os from 'node:os';
import { blake3 } from '../blake3.ts';
import type { Machine } from '../store/record.ts';

/**
 * The machine's identity: a digest of /etc/machine-id (which machine-id(5) asks not to hand on as it is), or of the
 * host's name where there is none.
 */
export function thisMachine(): Machine {
  let secret: string;
  try {
    secret = fs.readFileSync('/etc/machine-id', 'utf8').trim();
  } catch {
    secret = '';
  }
  const name = os.hostname();
  return { id: blake3(`sitepair machine ${secret === '' ? `host ${name}` : secret}`).toString('hex', 0, 16), name };
}
