/**
 * Volumes in memory that behave as real ones do, for tests of the layers above: they pass the same conformance suite,
 * and fail on demand. Paths are any words; they are not looked for on disk.
 */
import { MemoryHandle } from './memory-handle.ts';
import type { MemoryVolume } from './memory-volume.ts';
import { SparseBytes } from './sparse-bytes.ts';
import type { OpenMode, VolumeDescription, VolumeHandle, VolumePlatform, VolumeUse } from './volume.ts';
import { volumeInUse, volumeLost, volumeReadOnly, volumeUnsuitable } from './volume-error.ts';

/** What a volume is, beside its size. */
export type MemoryTraits = Partial<Pick<MemoryVolume, 'kind' | 'readOnly' | 'network' | 'serial'>>;

export class MemoryVolumes implements VolumePlatform {
  readonly #byPath = new Map<string, MemoryVolume>();
  readonly #reflinks: boolean;
  #nextId = 1;

  constructor(options: { reflinks?: boolean } = {}) {
    this.#reflinks = options.reflinks ?? true;
  }

  /** Makes a volume of `sizeBytes` zeros and gives it, to be changed in whatever way the test needs. */
  add(path: string, sizeBytes: number, traits: MemoryTraits = {}): MemoryVolume {
    return this.#put(path, new SparseBytes(sizeBytes), traits);
  }

  /** Another path to the same volume. */
  link(path: string, to: string): void {
    this.#byPath.set(path, this.volume(to));
  }

  /** The volume at a path; throws `volume-lost` where there is none. */
  volume(path: string): MemoryVolume {
    const volume = this.#byPath.get(path);
    if (volume === undefined || volume.lost) throw volumeLost(path, { text: 'nothing is there' });
    return volume;
  }

  describe(path: string): VolumeDescription {
    const { id, kind, bytes, readOnly, network, serial, writes } = this.volume(path);
    return {
      path,
      realPath: path,
      kind,
      sizeBytes: bytes.sizeBytes,
      footprints: [{ space: `memory:${id}`, range: { start: 0, end: bytes.sizeBytes } }],
      readOnly,
      network,
      mount: { mountPoint: '/', type: 'memory', device: 'memory' },
      serial,
      identity: serial,
      writeMark: { attachment: '', writes: `${bytes.sizeBytes}:${writes}` },
    };
  }

  open(path: string, mode: OpenMode): VolumeHandle {
    const volume = this.volume(path);
    const writing = mode === 'write' || mode === 'write-exclusive';
    if (writing && volume.readOnly) throw volumeReadOnly(path, { text: 'it is set read-only' });
    const exclusive = mode === 'write-exclusive' || mode === 'read-exclusive';
    if (exclusive && volume.kind === 'block-device') {
      const held = [...volume.handles].some((handle) => handle.exclusive);
      const holds = volume.uses.filter((use) => use.by !== 'process' && use.by !== 'loop').map((use) => use.detail);
      if (held || holds.length > 0) {
        throw volumeInUse(path, { text: holds.length === 0 ? 'it is held exclusively' : holds.join('; ') });
      }
    }
    return new MemoryHandle(path, volume, mode);
  }

  uses(path: string): VolumeUse[] {
    return [...this.volume(path).uses];
  }

  /** Each volume is a disk of its own. */
  disks(path: string): string[] {
    return [`memory ${this.volume(path).id}`];
  }

  devicesWith(identity: string): string[] {
    return [...this.#byPath].flatMap(([path, { serial }]) => (serial === identity ? path : []));
  }

  unseenProcesses(): number {
    return 0;
  }

  createFile(path: string, sizeBytes: number): void {
    if (!Number.isSafeInteger(sizeBytes) || sizeBytes < 0) {
      throw volumeUnsuitable(path, `cannot be made with ${sizeBytes} bytes`, 'Give another size.');
    }
    this.#put(path, new SparseBytes(sizeBytes), {});
  }

  extendFile(path: string, sizeBytes: number): void {
    const { bytes, kind } = this.volume(path);
    if (kind !== 'file') throw volumeUnsuitable(path, 'is no file', 'Enlarge the device.');
    bytes.sizeBytes = Math.max(bytes.sizeBytes, sizeBytes);
  }

  reflink(from: string, to: string): boolean {
    const source = this.volume(from);
    if (!this.#reflinks || source.kind !== 'file') return false;
    this.#put(to, source.bytes.clone(), {});
    return true;
  }

  #put(path: string, bytes: SparseBytes, traits: MemoryTraits): MemoryVolume {
    if (this.#byPath.has(path)) {
      throw volumeUnsuitable(path, 'exists already', 'Give the path of a file that does not exist, or remove it.');
    }
    const volume: MemoryVolume = {
      id: this.#nextId,
      kind: traits.kind ?? 'file',
      bytes,
      readOnly: traits.readOnly ?? false,
      lost: false,
      network: traits.network ?? null,
      serial: traits.serial ?? null,
      writes: 0,
      faults: [],
      uses: [],
      handles: new Set(),
    };
    this.#nextId += 1;
    this.#byPath.set(path, volume);
    return volume;
  }
}
