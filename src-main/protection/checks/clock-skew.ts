import { describeSeconds } from '../../contract/wording.ts';
import { type Check, type Finding, pass, siteName } from './check.ts';

const tolerated = 60;

export const clockSkew: Check = {
  id: 'clock-skew',
  title: 'The clocks agree',
  why: 'Ages of points, and so what a failover loses, are told by the clock; their order is not.',
  look: (input): Finding => {
    const ahead: string[] = [];
    for (const site of ['A', 'B'] as const) {
      const at = input.group.sides[site].store?.record.at;
      if (at === undefined) continue;
      const seconds = (Date.parse(at) - input.context.now().getTime()) / 1000;
      if (seconds > tolerated) {
        ahead.push(`the store of ${siteName(input, site)} was written ${describeSeconds(seconds)} in the future`);
      }
    }
    if (ahead.length === 0) return pass("No store is ahead of this machine's clock.");
    return {
      status: 'warn',
      found: `By this clock ${ahead.join('; ')}.`,
      remedy: 'Set the clocks of both machines; nothing is lost by it.',
    };
  },
};
