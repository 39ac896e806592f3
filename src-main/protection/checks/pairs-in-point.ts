import type { SiteLetter } from '../../contract/phases.ts';
import { allPairs } from '../../store/pairs.ts';
import { pointId, samePoint, type PairDefinition } from '../../store/record.ts';
import { choosePoint } from '../points.ts';
import { type Check, type CheckInput, type Finding, pass } from './check.ts';

export const pairsInPoint: Check = {
  id: 'pairs-in-point',
  title: 'No pair is left behind',
  why: 'A pair that was added is in the points from its first cycle on; a failover to any other goes without it.',
  look: (input): Finding => {
    const { operation } = input.scope;
    return operation === 'planned-failover' || operation === 'failback' || operation === 'resume'
      ? beforePlanned(input)
      : atPoint(input);
  },
};

function idsOf(pairs: readonly PairDefinition[]): string {
  return pairs.map(({ id }) => id).join(', ');
}

/** The last cycle takes no added pair in: to copy it whole would keep production stopped. */
function beforePlanned({ group }: CheckInput): Finding {
  const { name, definition } = group;
  const { joining } = definition;
  if (joining.length === 0) return pass('Every pair is in the points.');
  const removes = joining.map(({ id }) => `sitepair group remove-pair ${name} ${id}`);
  return {
    status: 'fail',
    found: `${idsOf(joining)} was added and not copied yet: production would change sides without it.`,
    remedy: `Copy it first with: sitepair sync ${name}; or take it out with: ${removes.join(', ')}`,
  };
}

function atPoint({ group, context, scope }: CheckInput): Finding {
  const site = scope.written ?? group.replicaSite;
  const { definition } = group;
  const { points } = group.storeOf(site).record;
  const chosen = choosePoint(group, context.platform, site, context.request.point);
  const lacks = points.find((one) => samePoint(one, chosen))?.lacks ?? [];
  const missing = allPairs(definition).filter(
    ({ number }) => lacks.includes(number) || definition.joining.some((one) => one.number === number),
  );
  if (missing.length === 0) return pass(`Point ${pointId(chosen)} has every pair.`);
  const whole = points.filter((point) => point.kind === 'cycle' && point.lacks.length === 0).at(-1);
  return {
    status: 'warn',
    found: `Point ${pointId(chosen)} does not have ${idsOf(missing)}: ${leftOf(group, missing, site)}`,
    remedy:
      lacks.length === 0 || whole === undefined
        ? 'Bring what it needs of that volume there by other means, or run a cycle first if the source still answers.'
        : `Point ${pointId(whole)} has every pair that was copied.`,
  };
}

/** What becomes of the volumes of pairs that a point lacks. */
function leftOf({ definition }: CheckInput['group'], missing: readonly PairDefinition[], site: SiteLetter): string {
  const joining = missing.filter(({ number }) => definition.joining.some((one) => one.number === number));
  const copied = missing.filter((pair) => !joining.includes(pair));
  const said = [
    ...copied.map(({ paths }) => `${paths[site]} holds what is not of that moment`),
    ...joining.map(({ paths }) => `${paths[site]} was never copied to`),
  ];
  return `${said.join('; ')}.`;
}
