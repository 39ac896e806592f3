import { counted } from '../../contract/wording.ts';
import type { CheckResult } from '../../contract/checks.ts';
import { reasonAgainstFile } from '../../volumes/linux/missing-files.ts';
import { renamed } from '../identities.ts';
import { describeIfThere } from '../operations/targets.ts';
import { asReport } from '../errors.ts';
import {
  type Check,
  type CheckInput,
  type Finding,
  isJoining,
  listed,
  mayBeMade,
  pass,
  type TouchedVolume,
  touchedVolumes,
} from './check.ts';

/** Whether the volumes are being set aside for their clones: one may have no successor yet. */
function isExchanged({ group, scope }: CheckInput): boolean {
  return group.sides[scope.written ?? group.replicaSite].store?.record.promoting?.swap === 'set-aside';
}

/** What is wrong with the volumes, as sentences, and what to do. */
class Found {
  readonly missing: string[] = [];
  readonly network: string[] = [];
  /** Devices that are not the ones that they were; which of them are gone nobody knows. */
  readonly strange: string[] = [];
  readonly moves: NonNullable<CheckResult['moves']> = [];
  readonly remedies = new Set<string>();
}

/** Looks for a device that got another name; whether that settles what there is to say of its path. */
function lookForDevice(input: CheckInput, { pair, site, path }: TouchedVolume, found: Found): boolean {
  const { group, context } = input;
  const device = renamed(group, context.platform, site, pair);
  if (device === null) return false;
  const { another, at } = device;
  const [place] = at;
  if (place === undefined && another && isJoining(input, pair)) {
    // It was never copied, so nothing else tells it from another; and that one may be overwritten at once.
    found.missing.push(
      `${path} is another device than the one that ${pair.id} was added with, and that one is nowhere`,
    );
    found.remedies.add(
      `Attach it; or, where another is meant, take the pair out and add it anew: sitepair group remove-pair ${group.name} ${pair.id}.`,
    );
    return true;
  }
  if (place === undefined) {
    found.strange.push(`${path} does not show itself as the device that was protected, and no other device does`);
    return false;
  }
  const role = site === group.definition.primarySite ? 'primary' : 'recovery';
  const is = another ? 'is another device than the one that was protected' : 'is not there';
  found.missing.push(`${path} ${is}; ${pair.id} is at ${at.join(' and ')} now`);
  if (at.length > 1) {
    found.remedies.add(`Say which of them is to be used with group set --path ${pair.id}:${role}=PATH.`);
    return true;
  }
  found.moves.push({ pairId: pair.id, site: role, path: place });
  return true;
}

export const volumesReachable: Check = {
  id: 'volumes-reachable',
  title: 'The volumes can be reached',
  why: 'A volume that is found missing half way leaves a cycle that has to be rolled back.',
  look: (input): Finding => {
    const { group, context, scope } = input;
    const found = new Found();
    const touched = touchedVolumes(scope);
    let made = 0;
    for (const volume of touched) {
      const { pair, path, use } = volume;
      try {
        if (lookForDevice(input, volume, found)) continue;
        const description = describeIfThere(context.platform, path);
        const madeAnew = use === 'written' && mayBeMade(input, pair);
        const against = description === null && madeAnew ? reasonAgainstFile(path) : null;
        if (description === null && madeAnew) made += 1;
        const mayBeMissing = madeAnew || (use === 'written' && isExchanged(input));
        if (description === null && (!mayBeMissing || against !== null)) {
          found.missing.push(`${path} is not there${against === null ? '' : `, and is not made: ${against}`}`);
          found.remedies.add('Attach the device or mount the file system, then check again.');
          if (scope.operation === 'reprotect' && use === 'written') {
            found.remedies.add(
              `If the volume did not survive, give the pair a new one: sitepair reprotect ${group.name} --replace ${pair.id}=PATH --confirm ${group.name}.`,
            );
          }
        }
        if (description?.network) found.network.push(`${path} (${description.network})`);
      } catch (error) {
        const { message, remedy } = asReport(error);
        found.missing.push(message);
        found.remedies.add(remedy);
      }
    }
    return together(input, found, touched.length - made, made);
  },
};

function together(
  { group }: CheckInput,
  { missing, network, strange, moves, remedies }: Found,
  there: number,
  made: number,
): Finding {
  if (missing.length > 0) {
    const paths = moves.map(({ pairId, site, path }) => ` --path ${pairId}:${site}=${path}`).join('');
    const set = paths === '' ? [] : [`Let the group follow: sitepair group set ${group.name}${paths}`];
    return {
      status: 'fail',
      found: listed(missing),
      remedy: [...remedies, ...set].join(' '),
      ...(moves.length > 0 && { moves }),
    };
  }
  if (strange.length > 0) {
    return {
      status: 'warn',
      found: listed(strange),
      remedy:
        'Make sure that the right device lies at that path before going on; attach the one that was protected where it should be used.',
    };
  }
  const overNetwork = network.length > 0 ? ` Over the network: ${network.join(', ')}.` : '';
  const others = made === 0 ? '' : `, ${made} will be made`;
  return pass(`${counted(there, 'volume')} answer${there === 1 ? 's' : ''}${others}.${overNetwork}`);
}
