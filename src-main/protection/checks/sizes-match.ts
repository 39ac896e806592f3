import { describeIfThere } from '../operations/targets.ts';
import { type Check, type Finding, listed, pass, touchedVolumes } from './check.ts';

export const sizesMatch: Check = {
  id: 'sizes-match',
  title: 'The volumes are large enough',
  why: "A volume smaller than the logical size of its pair cannot hold the other side's content.",
  look: ({ context, scope, group }): Finding => {
    const small: string[] = [];
    const places: string[] = [];
    const grown: string[] = [];
    for (const { pair, path, use, site } of touchedVolumes(scope)) {
      const size = describeIfThere(context.platform, path)?.sizeBytes;
      if (size === undefined) continue;
      const source =
        scope.read === null ? undefined : describeIfThere(context.platform, pair.paths[scope.read])?.sizeBytes;
      const wanted = scope.operation === 'protect' ? (source ?? pair.sizeBytes) : pair.sizeBytes;
      if (size < wanted) {
        small.push(`${path} has ${size} bytes, the pair needs ${wanted}`);
        places.push(`${pair.id}:${site === group.definition.primarySite ? 'primary' : 'recovery'}=PATH`);
      } else if (use === 'read' && size > wanted && site === scope.read) {
        grown.push(`${path} has grown from ${wanted} to ${size} bytes; what lies beyond is not replicated`);
      }
    }
    if (small.length > 0) {
      return {
        status: 'fail',
        found: listed(small),
        remedy: `Enlarge the volume, or give the pair one that is large enough: sitepair group set ${group.name}${places.map((place) => ` --path ${place}`).join('')}`,
      };
    }
    if (grown.length > 0) {
      return {
        status: 'warn',
        found: listed(grown),
        remedy: 'Make a new group for the larger volume when there is time for a seed.',
      };
    }
    return pass('All are at least as large as their pair needs.');
  },
};
