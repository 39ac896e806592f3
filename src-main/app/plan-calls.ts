/** The calls that show, judge and set recovery plans, and that answer runs which wait at a step of one. */
import type { RunRequests } from '../catalog/run-requests.ts';
import type { Runs } from '../catalog/runs.ts';
import { SitepairError } from '../contract/errors.ts';
import { asReport } from '../protection/errors.ts';
import { parsePlan } from '../protection/plan/parse.ts';
import type { GroupBook } from './group-book.ts';
import type { Handlers } from './handlers.ts';
import type { RunDiary } from './run-diary.ts';
import type { Runbooks } from './runbooks.ts';
import type { SiteThread } from './site-thread.ts';
import type { Trail } from './trail.ts';

interface Places {
  book: GroupBook;
  trail: Trail;
  operator: string;
  runs: Runs;
  requests: RunRequests;
  diary: RunDiary;
  runbooks: Runbooks;
  thread: SiteThread;
}

type PlanCall = Extract<keyof Handlers, `plans.${string}` | 'runs.answer'>;

export function planCalls(places: Places): Pick<Handlers, PlanCall> {
  const { book, trail, operator, runs, requests, diary, runbooks, thread } = places;
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
      const registration = book.registration(input.name);
      await trail.log('plan set', registration, { version: plan.version, text: input.text });
      await runbooks.lay(registration, await book.show(input.name), thread);
      return { plan };
    },
    'runs.answer': ({ id, step, answer, note }) => {
      const { outcome, groupName } = runs.get(id);
      const waiting = outcome === null ? runs.progress(id)?.plan?.waiting : undefined;
      if (waiting?.step !== step) throw notWaiting(id, step, groupName);
      const fits = waiting.kind === 'manual' ? ['done', 'stop'] : ['retry', 'go-on', 'stop'];
      if (!fits.includes(answer)) throw unfit(answer, fits);
      requests.answer(id, { step, answer, note, operator });
      diary.asked(id, 'answer', { step, answer, note });
      return { message: 'The run was told.' };
    },
  };
}

function notWaiting(id: string, step: string, group: string): SitepairError {
  return new SitepairError({
    code: 'not-allowed',
    message: `The run ${id} of ${group} does not wait for anybody at the step ${step}.`,
    where: step,
    remedy: `See where it stands with: sitepair runs show ${id}`,
  });
}

function unfit(answer: string, fits: readonly string[]): SitepairError {
  return new SitepairError({
    code: 'invalid-input',
    message: `The step that it waits at cannot be answered with ${answer}.`,
    where: answer,
    remedy: `Give one of: ${fits.join(', ')}.`,
  });
}
