import fs from 'node:fs';
import { volumesUnder } from '../store-carrier.ts';
import { type Check, type Finding, listed, pass } from './check.ts';

export const storesApart: Check = {
  id: 'stores-apart',
  title: 'The stores lie apart',
  why: 'Two stores on one disk are lost together, and a store on a volume of a group would be copied over by that group.',
  look: ({ group, context, scope }): Finding => {
    const { platform } = context;
    const folders = (['A', 'B'] as const).flatMap((site) => {
      const { folder, store } = group.sides[site];
      return store === null ? [] : [folder];
    });
    const pairs = [...scope.pairs, ...context.others.flatMap((other) => other.pairs)];
    const onVolume = folders.flatMap((folder) =>
      volumesUnder(platform, folder, pairs).map((volume) => `${folder} lies on the volume ${volume}`),
    );
    if (onVolume.length > 0) {
      return {
        status: 'fail',
        found: listed(onVolume),
        remedy: `With nothing running, move the folder of the group to a file system that is on no volume of a group, then: sitepair group set ${group.name} --primary-store DIR (or --recovery-store DIR).`,
      };
    }
    if (folders.length === 2 && new Set(folders.map((folder) => fs.statSync(folder).dev)).size === 1) {
      return {
        status: 'warn',
        found: `Both stores lie on the same file system (${folders.join(', ')}).`,
        remedy: 'Keep each store at its own site, on a disk of its own.',
      };
    }
    return pass(
      folders.length === 2
        ? 'Each store lies on a file system of its own, on no volume of a group.'
        : 'The store that can be read lies on no volume of a group.',
    );
  },
};
