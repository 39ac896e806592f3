/** Readiness as the application gives it, for tests to vary. */
import type { Readiness, ReadinessProof, WayProof } from '../../../src-main/contract/readiness.ts';

export function sampleWay(changes: Partial<WayProof> = {}): WayProof {
  return { way: 'failover', to: 'Hall B', state: 'ready', passed: 12, findings: [], later: [], ...changes };
}

/** What blocks the way that it is of. */
export const sampleFinding: WayProof['findings'][number] = {
  id: 'volumes-writable',
  title: 'The volumes to be written can be written',
  status: 'fail',
  found: '/dev/vg0/pgdata is read-only.',
  why: 'A read-only device is often noticed only at the first write.',
  remedy: 'Make it writable, then check again.',
  blocks: true,
  acceptable: false,
};

/** What blocks too, until the operator takes it on himself. */
export const acceptableFinding: WayProof['findings'][number] = {
  ...sampleFinding,
  id: 'replica-intact',
  title: 'The replica is what its point says',
  found: '2 chunks of /replica/pgdata.raw differ from the point.',
  acceptable: true,
};

export function sampleProof(changes: Partial<ReadinessProof> = {}): ReadinessProof {
  return {
    at: '2031-05-04T12:02:31.000Z',
    seconds: 1.5,
    operator: 'scheduler',
    program: '0.1.0',
    configuration: { settings: '1', sides: '1 A', machine: 'm', replicaSide: 'r', productionSide: 'p' },
    ways: [
      sampleWay(),
      sampleWay({ way: 'planned-failover', passed: 14 }),
      sampleWay({ way: 'way-back', to: 'Hall A', passed: 10, later: ['How much it wrote is known only then.'] }),
    ],
    ...changes,
  };
}

export function sampleReadiness(changes: Partial<Readiness> = {}): Readiness {
  return { proof: sampleProof(), failure: null, again: { failover: null, both: null }, ...changes };
}
