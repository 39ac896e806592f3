/** The calls that show, judge and set recovery plans. */
import { asReport } from '../protection/errors.ts';
import { parsePlan } from '../protection/plan/parse.ts';
import type { GroupBook } from './group-book.ts';
import type { Handlers } from './handlers.ts';
import type { Trail } from './trail.ts';

interface Places {
  book: GroupBook;
  trail: Trail;
  operator: string;
}

type PlanCall = Extract<keyof Handlers, `plans.${string}`>;

export function planCalls({ book, trail, operator }: Places): Pick<Handlers, PlanCall> {
  return {
    'plans.show': async ({ name }) => ({ plan: await book.showPlan(name) }),
    'plans.look': ({ text }) => {
      try {
        parsePlan(text);
        return { wrong: null };
      } catch (error) {
        return { wrong: asReport(error).message };
      }
    },
    'plans.set': async (input) => {
      const plan = await book.setPlan(input, operator);
      await trail.log('plan set', book.registration(input.name), { version: plan.version, text: input.text });
      return { plan };
    },
  };
}
