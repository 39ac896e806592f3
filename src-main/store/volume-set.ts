/** The volumes of a group at one site, opened when first asked for, by the pair's number. */
import type { VolumeHandle } from '../volumes/volume.ts';

export class VolumeSet {
  readonly #open: (pair: number) => VolumeHandle;
  readonly #handles = new Map<number, VolumeHandle>();
  /** Numbers of the pairs whose volume is neither read nor written, as it is given up. */
  readonly without: ReadonlySet<number>;

  constructor(open: (pair: number) => VolumeHandle, without: ReadonlySet<number> = new Set()) {
    this.#open = open;
    this.without = without;
  }

  get(pair: number): VolumeHandle {
    const known = this.#handles.get(pair);
    if (known !== undefined) return known;
    const handle = this.#open(pair);
    this.#handles.set(pair, handle);
    return handle;
  }

  /** Makes all that was written to them durable. */
  flush(): void {
    for (const handle of this.#handles.values()) handle.flush();
  }

  close(): void {
    for (const handle of this.#handles.values()) handle.close();
    this.#handles.clear();
  }
}
