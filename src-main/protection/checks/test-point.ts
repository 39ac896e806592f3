import { consistencyWords } from '../../contract/wording.ts';
import { pointId } from '../../store/record.ts';
import { asReport } from '../errors.ts';
import { describeLacking } from '../incomplete.ts';
import { pointToTest } from '../rehearsal/test-point.ts';
import { type Check, type Finding, pass } from './check.ts';

export const testPoint: Check = {
  id: 'test-point',
  title: 'The point can be tested',
  why: 'A test shows what a failover to that point would bring.',
  look: ({ group, context }): Finding => {
    let point;
    try {
      point = pointToTest(group, context.request.point);
    } catch (error) {
      const { message, remedy } = asReport(error);
      return { status: 'fail', found: message, remedy };
    }
    const id = pointId(point);
    const lacks = group.definition.pairs.flatMap((pair) => (point.lacks.includes(pair.number) ? pair.id : []));
    if (point.state === 'incomplete' && point.unread !== undefined) {
      return {
        status: 'warn',
        found: describeLacking(group, group.replicaSite, point),
        remedy: `Another point may be whole: sitepair points ${group.name}`,
      };
    }
    if (point.state !== 'usable') {
      return {
        status: 'warn',
        found: `Point ${id} of ${point.at} is marked ${point.state}; the test says which ranges are not what it held.`,
        remedy: `Another point may be whole: sitepair points ${group.name}`,
      };
    }
    if (lacks.length > 0) {
      return {
        status: 'warn',
        found: `Point ${id} does not have ${lacks.join(', ')}, of which no copy is made.`,
        remedy: `Another point may have all pairs: sitepair points ${group.name}`,
      };
    }
    return pass(`Point ${id} of ${point.at} (${consistencyWords[point.consistency]}).`);
  },
};
