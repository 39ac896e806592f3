import { type Check, type Finding, pass } from './check.ts';

export const noOtherRun: Check = {
  id: 'no-other-run',
  title: 'No other run holds the group',
  why: 'Two runs that write the same volumes would destroy both.',
  look: ({ group, context }): Finding => {
    const holder = group.locked ? null : group.holder();
    if (holder === null) return pass('Nobody else holds the group.');
    if (context.makesWay !== undefined) {
      return {
        status: 'warn',
        found: `${context.makesWay} holds the group and makes way: it is stopped when the failover begins, and what it left open is taken back.`,
        remedy:
          'Nothing is to be stopped by hand. What it is in the way of looking at is looked at when it has stopped.',
      };
    }
    return {
      status: 'fail',
      found: `The group is held by ${holder}.`,
      remedy: `Wait for that run to end, or stop it where it was started. What it does, and the answer it waits for if it does: sitepair group show ${group.name}`,
    };
  },
};
