import { eventOf, findRow, otherSite } from '../states.ts';
import { type Check, type Finding, pass } from './check.ts';

export const phaseAllows: Check = {
  id: 'phase-allows',
  title: 'The phase allows it',
  why: 'Each operation starts from a phase in which it is known to be safe.',
  look: ({ group, scope }): Finding => {
    const { phase, primarySite } = group.state;
    const no = (found: string): Finding => ({
      status: 'fail',
      found,
      remedy: `See what is allowed now with: sitepair group show ${group.name}`,
    });
    const { operation } = scope;
    if (operation === 'failback' && otherSite(group.replicaSite) === primarySite) {
      return no(`Production is at the primary site ${group.definition.siteNames[primarySite]} already, so there is nothing to fail back.`);
    }
    if (operation === 'verify' && phase !== 'protected') return no(`The replica can be verified while the group is protected; it is ${phase}.`);
    const event = eventOf[operation];
    if (event === null) return pass(`The group is ${phase}.`);
    const replica = group.sides[group.replicaSite];
    if (operation === 'protect' && (phase === 'protected' || phase === 'interrupted' || phase === 'syncing') && replica.state === 'stale') {
      return pass('The replica\'s store is an old copy and starts anew.');
    }
    const found = findRow(group.state, event);
    return 'reason' in found ? no(`Not now: ${found.reason}.`) : pass(`The group is ${phase}.`);
  },
};
