/** A volume in memory as its handles share it, open to whatever a test wants to change. */
import type { ErrorCode } from '../contract/errors.ts';
import type { SparseBytes } from './sparse-bytes.ts';
import type { ByteRange, VolumeKind, VolumeUse } from './volume.ts';

/** A failure to come: every such call that touches the range (bytes) fails. */
export interface PlannedFault {
  on: 'read' | 'write' | 'flush';
  /** For flush it is not looked at. */
  range?: ByteRange;
  /** What it fails with, unless it is what the call usually fails with (`read-failed` and so on). */
  code?: Extract<ErrorCode, 'volume-lost' | 'no-space' | 'volume-read-only'>;
}

/** A volume as the handles that are open on it share it. */
export interface MemoryVolume {
  readonly id: number;
  readonly kind: VolumeKind;
  bytes: SparseBytes;
  readOnly: boolean;
  lost: boolean;
  network: string | null;
  serial: string | null;
  /** Counts writes. */
  writes: number;
  faults: PlannedFault[];
  uses: VolumeUse[];
  /** Handles that are open now. */
  handles: Set<{ exclusive: boolean }>;
}
