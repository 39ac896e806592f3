import { counted } from '../../contract/wording.ts';
import { reasonAgainstFile } from '../../volumes/linux/missing-files.ts';
import { describeIfThere } from '../operations/targets.ts';
import { asReport } from '../errors.ts';
import { type Check, type CheckInput, type Finding, listed, mayBeMade, pass, touchedVolumes } from './check.ts';

/** Whether the volumes are being set aside for their clones: one may have no successor yet. */
function isExchanged({ group, scope }: CheckInput): boolean {
  return group.sides[scope.written ?? group.replicaSite].store?.record.promoting?.swap === 'set-aside';
}

export const volumesReachable: Check = {
  id: 'volumes-reachable',
  title: 'The volumes can be reached',
  why: 'A volume that is found missing half way leaves a cycle that has to be rolled back.',
  look: (input): Finding => {
    const { group, context, scope } = input;
    const missing: string[] = [];
    const network: string[] = [];
    const remedies = new Set<string>();
    const touched = touchedVolumes(scope);
    let made = 0;
    for (const { pair, path, use } of touched) {
      try {
        const description = describeIfThere(context.platform, path);
        const madeAnew = use === 'written' && mayBeMade(input, pair);
        const against = description === null && madeAnew ? reasonAgainstFile(path) : null;
        if (description === null && madeAnew) made += 1;
        const mayBeMissing = madeAnew || (use === 'written' && isExchanged(input));
        if (description === null && (!mayBeMissing || against !== null)) {
          missing.push(`${path} is not there${against === null ? '' : `, and is not made: ${against}`}`);
          remedies.add('Attach the device or mount the file system, then check again.');
          if (scope.operation === 'reprotect' && use === 'written') {
            remedies.add(
              `If the volume did not survive, give the pair a new one: sitepair reprotect ${group.name} --replace ${pair.id}=PATH --confirm ${group.name}.`,
            );
          }
        }
        if (description?.network) network.push(`${path} (${description.network})`);
      } catch (error) {
        const { message, remedy } = asReport(error);
        missing.push(message);
        remedies.add(remedy);
      }
    }
    if (missing.length > 0) {
      return {
        status: 'fail',
        found: listed(missing),
        remedy: [...remedies].join(' '),
      };
    }
    const overNetwork = network.length > 0 ? ` Over the network: ${network.join(', ')}.` : '';
    const there = touched.length - made;
    const others = made === 0 ? '' : `, ${made} will be made`;
    return pass(`${counted(there, 'volume')} answer${there === 1 ? 's' : ''}${others}.${overNetwork}`);
  },
};
