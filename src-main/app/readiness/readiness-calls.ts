/** What hosts may ask of readiness. */
import type { OperationOrder } from '../../protection/run-context.ts';
import type { OperationRequest } from '../../contract/runs.ts';
import type { GroupBook } from '../group-book.ts';
import type { Handlers } from '../handlers.ts';
import type { Trail } from '../trail.ts';
import type { ReadinessDesk } from './readiness-desk.ts';

type Calls = 'readiness.prove' | 'readiness.schedule' | 'readiness.set';

interface Places {
  desk: ReadinessDesk;
  book: Pick<GroupBook, 'show'>;
  trail: Pick<Trail, 'append'>;
  orderOf: (request: OperationRequest) => OperationOrder;
}

export function readinessCalls({ desk, book, trail, orderOf }: Places): Pick<Handlers, Calls> {
  return {
    'readiness.prove': async ({ name }) => {
      await desk.prove(orderOf({ operation: 'failover', group: name }));
      return { group: await book.show(name) };
    },
    'readiness.schedule': () => desk.schedule(),
    'readiness.set': (schedule) => {
      desk.setSchedule(schedule);
      trail.append('readiness schedule set', null, null, { ...schedule });
      return schedule;
    },
  };
}
