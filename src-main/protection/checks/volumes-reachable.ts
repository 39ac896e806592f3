import { describeIfThere } from '../operations/targets.ts';
import { asReport } from '../errors.ts';
import { type Check, type Finding, pass, touchedVolumes } from './check.ts';

export const volumesReachable: Check = {
  id: 'volumes-reachable',
  title: 'The volumes can be reached',
  why: 'A volume that is found missing half way leaves a cycle that has to be rolled back.',
  look: ({ context, scope }): Finding => {
    const missing: string[] = [];
    const network: string[] = [];
    const touched = touchedVolumes(scope);
    for (const { path, use } of touched) {
      try {
        const description = describeIfThere(context.platform, path);
        const mayBeMade = use === 'written' && (scope.operation === 'protect' || scope.operation === 'reprotect');
        if (description === null && !mayBeMade) missing.push(`${path} is not there`);
        if (description?.network) network.push(`${path} (${description.network})`);
      } catch (error) {
        missing.push(asReport(error).message);
      }
    }
    if (missing.length > 0) {
      return {
        status: 'fail',
        found: missing.join('; '),
        remedy: 'Attach the device or mount the file system, then check again.',
      };
    }
    const overNetwork = network.length > 0 ? ` Over the network: ${network.join(', ')}.` : '';
    return pass(`${touched.length} volume(s) answer.${overNetwork}`);
  },
};
