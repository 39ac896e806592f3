import fs from 'node:fs';
import { describeIfThere } from '../operations/targets.ts';
import { type Check, type Finding, pass } from './check.ts';

export const storesApart: Check = {
  id: 'stores-apart',
  title: 'The stores lie apart',
  why: 'Two stores on one disk are lost together, and a store on a volume of a group would be copied over by that group.',
  look: ({ group, context, scope }): Finding => {
    const devices = new Map<string, number>();
    for (const site of ['A', 'B'] as const) {
      const { folder, store } = group.sides[site];
      if (store !== null) devices.set(folder, fs.statSync(folder).dev);
    }
    const onVolume: string[] = [];
    for (const pair of scope.pairs) {
      for (const path of [pair.paths.A, pair.paths.B]) {
        const number = deviceNumber(path);
        for (const [folder, device] of devices) {
          if (number === device) onVolume.push(`${folder} lies on the volume ${path}`);
        }
      }
    }
    if (onVolume.length > 0) {
      return {
        status: 'fail',
        found: onVolume.join('; '),
        remedy: 'Move the store to a file system that is on no volume of a group.',
      };
    }
    if (devices.size === 2 && new Set(devices.values()).size === 1) {
      return {
        status: 'warn',
        found: `Both stores lie on the same file system (${[...devices.keys()].join(', ')}).`,
        remedy: 'Keep each store at its own site, on a disk of its own.',
      };
    }
    return pass('Each store lies on a file system of its own, on no volume of the group.');

    function deviceNumber(path: string): number | null {
      try {
        return describeIfThere(context.platform, path)?.kind === 'block-device' ? fs.statSync(path).rdev : null;
      } catch {
        return null;
      }
    }
  },
};
