import { counted } from '../../contract/wording.ts';
import { allPairs } from '../../store/pairs.ts';
import { isDismissed, unprotectedBeside } from '../unprotected.ts';
import { type Check, type Finding, pass, stalls } from './check.ts';

export const unprotectedVolumes: Check = {
  id: 'unprotected-volumes',
  title: 'No volume was forgotten',
  why: 'A volume that was added beside the protected ones is missing after a failover.',
  look: ({ group, context }): Finding => {
    const stalled = allPairs(group.definition)
      .flatMap((pair) => [pair.paths.A, pair.paths.B])
      .find((volume) => stalls(context, volume));
    if (stalled !== undefined) {
      return {
        status: 'unknown',
        found: `${stalled} does not answer, so what lies beside it cannot be seen.`,
        remedy: 'Check again when it answers.',
      };
    }
    const all = unprotectedBeside(group, context.platform, context.others);
    const forgotten = all.filter((volume) => !isDismissed(volume, context.dismissed ?? []));
    const dismissed = all.length - forgotten.length;
    const known =
      dismissed === 0 ? '' : ` ${counted(dismissed, 'volume')} there ${dismissed === 1 ? 'was' : 'were'} dismissed.`;
    if (forgotten.length === 0) {
      return pass(`Nothing that looks like a volume lies unprotected beside the protected ones.${known}`);
    }
    const shown = forgotten.slice(0, 5).map((volume) => volume.path);
    return {
      status: 'warn',
      found: `Beside the protected volumes lie ${forgotten.length} that no group has: ${shown.join(', ')}${forgotten.length > 5 ? ', …' : ''}.${known}`,
      remedy: `Protect them if they matter (group add-pair, or a group of their own); one that does not is dismissed with: sitepair volumes --dismiss PATH --reason TEXT`,
    };
  },
};
