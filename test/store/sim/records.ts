/** A replica's record before its first cycle, as tests begin with it. */
import type { SiteRecord } from '../../../src-main/store/record.ts';

export const chunkSize = 4096;
export const groupId = '000102030405060708090a0b0c0d0e0f';
export const noon = new Date('2026-03-01T12:00:00Z');

export function firstRecord(pairs: readonly { number: number; sizeBytes: number }[]): SiteRecord {
  return {
    format: 1,
    serial: 1,
    at: noon.toISOString(),
    definition: {
      id: groupId,
      name: 'orders',
      version: 1,
      siteNames: { A: 'Hall A', B: 'Hall B' },
      primarySite: 'A',
      pairs: pairs.map(({ number, sizeBytes }) => ({
        number,
        id: `p${number}`,
        sizeBytes,
        paths: { A: `source/${number}`, B: `replica/${number}` },
      })),
      joining: [],
      lastNumber: 0,
      policy: {
        rpoSeconds: 900,
        keepPoints: 24,
        chunkSizeBytes: chunkSize,
        limitBytesPerSecond: null,
        scheduled: true,
        quietHours: [],
        reasonRequired: false,
        stoppedCheck: null,
        beforeCycle: null,
        afterCycle: null,
      },
    },
    site: 'B',
    machine: { id: 'm', name: 'hall-b' },
    role: 'replica',
    epoch: 1,
    lineage: [],
    phase: 'protected',
    phaseSerial: 1,
    activeSite: 'A',
    replicaSite: 'B',
    counter: 0,
    receiving: null,
    points: [],
    position: null,
    moving: null,
    promoting: null,
    undoingFrom: null,
    punch: null,
    twinSerial: 0,
    twinMixed: false,
    marks: null,
    afterCycleDue: false,
    promotedClones: false,
    beforeChange: [],
    leftovers: [],
    movedPairs: [],
    identities: [],
    doubtful: false,
    incomplete: false,
  };
}
