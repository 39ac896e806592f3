/** A proof: volumes that must be equal, or must differ, told by their digests alone. */
import type { Expected, Proof, VolumeComparison } from '../contract/drill.ts';
import type { Digests } from './digests.ts';

/** One side of a comparison: the digests, and what they are of, as in "Hall B" or "point 1.2". */
export interface Side {
  what: string;
  digests: Digests;
}

/** Holds each volume of `left` against its namesake of `right`. A volume that only one side has breaks the proof. */
export function prove(claim: string, expected: Expected, left: Side, right: Side): Proof {
  const names = [...new Set([...left.digests.keys(), ...right.digests.keys()])];
  const volumes = names.map((volume): VolumeComparison => {
    const sides = [left, right].map(({ what, digests }) => ({ what, sha256: digests.get(volume) ?? 'missing' }));
    const known = sides.every(({ sha256 }) => sha256 !== 'missing');
    const equal = sides[0]?.sha256 === sides[1]?.sha256;
    return { volume, holds: known && equal === (expected !== 'different'), sides };
  });
  return { claim, expected, holds: volumes.length > 0 && volumes.every((one) => one.holds), volumes, checked: [] };
}

/** What broke a proof, one phrase for each volume: "orders.raw: Hall A 3f2a91cc…, Hall B 9c01d2e7…, must be equal". */
export function whatBroke(proof: Proof): string[] {
  const digests = proof.volumes
    .filter((volume) => !volume.holds)
    .map(({ volume, sides }) => {
      const told = sides.map(({ what, sha256 }) => `${what} ${sha256.slice(0, 12)}`).join(', ');
      return `${volume}: ${told}, must be ${proof.expected}`;
    });
  const unsound = proof.checked.filter(({ holds }) => !holds);
  return [...digests, ...unsound.map(({ volume }) => `${volume}: its file system has errors`)];
}
