/** A volume whose calls are marked while they last, so that it can be said which one has not answered since when. */
import type { ByteRange, VolumeHandle } from '../volumes/volume.ts';
import type { LaneControl } from './control.ts';

export class WatchedVolume implements VolumeHandle {
  readonly path: string;
  readonly sizeBytes: number;
  readonly #volume: VolumeHandle;
  readonly #control: LaneControl;

  constructor(volume: VolumeHandle, control: LaneControl) {
    this.path = volume.path;
    this.sizeBytes = volume.sizeBytes;
    this.#volume = volume;
    this.#control = control;
  }

  read(buffer: Buffer, offset: number): void {
    this.#control.atVolume(this.path, () => {
      this.#volume.read(buffer, offset);
    });
  }

  write(buffer: Buffer, offset: number): void {
    this.#control.atVolume(this.path, () => {
      this.#volume.write(buffer, offset);
    });
  }

  flush(): void {
    this.#control.atVolume(this.path, () => {
      this.#volume.flush();
    });
  }

  punch(range: ByteRange): void {
    this.#control.atVolume(this.path, () => {
      this.#volume.punch(range);
    });
  }

  nextData(from: number, to: number): ByteRange | null {
    return this.#control.atVolume(this.path, () => this.#volume.nextData(from, to));
  }

  prefetch(range: ByteRange): void {
    this.#volume.prefetch(range);
  }

  close(): void {
    this.#volume.close();
  }
}
