/** A group as the scheduler knows and sees it. */
import type { ShownPhase } from '../../../src-main/contract/phases.ts';
import type { Pulse } from '../../../src-main/protection/pulse.ts';
import type { Registration } from '../../../src-main/protection/registration.ts';
import { firstRecord } from '../../store/sim/records.ts';

/** `id`: 32 hexadecimal digits; left out: that of all sample records. */
export function sampleRegistration(id?: string, name?: string): Registration {
  const { definition } = firstRecord([{ number: 0, sizeBytes: 1 << 20 }]);
  const own = { ...definition, ...(id === undefined ? {} : { id }), ...(name === undefined ? {} : { name }) };
  return {
    definition: own,
    storePaths: { A: null, B: null },
    lastSeen: { A: null, B: null },
    confirmedCommands: [],
  };
}

/** `pointAt`: when its newest point was taken, ISO 8601. */
export function samplePulse(phase: ShownPhase, pointAt: string | null): Pulse {
  const { policy, id, version } = sampleRegistration().definition;
  const standing = { id, version, phase, epoch: 1 };
  return {
    standing,
    policy,
    newestAt: pointAt,
    failoverPointAt: pointAt,
    passedOver: null,
    disks: [],
    heldBy: null,
    notHere: null,
    configuration: null,
  };
}
