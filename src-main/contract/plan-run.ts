/** The steps of a recovery plan within a run: what was done, what stands at, and what a person answers. */
import { z } from 'zod';

export const stepKindSchema = z.enum(['command', 'wait', 'manual', 'servers']);
export type StepKind = z.infer<typeof stepKindSchema>;

/** Longest note of a person with a step, characters. */
export const longestNote = 500;

/** What became of one step of the plan, kept with the step of the run. */
export const stepDoneSchema = z.object({
  id: z.string(),
  kind: stepKindSchema,
  /** "went-on": it failed, and the run went on without it. */
  state: z.enum(['running', 'done', 'failed', 'skipped', 'went-on']),
  /** How often it was tried in this run, however often it looked or asked meanwhile. */
  attempts: z.number(),
  /** What it printed; of much only how it began and ended, with a line between that says what is left out. */
  output: z.string(),
  /** Who did it, left it out, went on without it, had it tried again or stopped there, and what they said. */
  operator: z.string().optional(),
  note: z.string().optional(),
});
export type StepDone = z.infer<typeof stepDoneSchema>;

/** A run that waits for a person: to do something, or to say what becomes of a step that failed. */
export const waitingSchema = z.object({
  step: z.string(),
  kind: z.enum(['manual', 'ask']),
  text: z.string(),
  since: z.iso.datetime(),
});
export type Waiting = z.infer<typeof waitingSchema>;

/** The steps of a run under way, in order, and what the one at hand last printed. */
export const planProgressSchema = z.object({
  steps: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      when: z.enum(['before', 'after']),
      state: z.enum(['to-come', 'running', 'done', 'failed', 'skipped', 'went-on']),
    }),
  ),
  output: z.string(),
  waiting: waitingSchema.nullable(),
});
export type PlanProgress = z.infer<typeof planProgressSchema>;

/** A manual step wants `done` or `stop`; a step that failed `retry`, `go-on` or `stop`. */
export const answerWordSchema = z.enum(['done', 'retry', 'go-on', 'stop']);
export const stepAnswerSchema = z.object({
  step: z.string(),
  answer: answerWordSchema,
  note: z.string().max(longestNote),
  /** Filled in by the application. */
  operator: z.string(),
});
export type StepAnswer = z.infer<typeof stepAnswerSchema>;

/** What the operator says of a step by its name: that it is left out, or that a person has done it. */
export const saidOfStepSchema = z.object({
  id: z.string(),
  is: z.enum(['left-out', 'done']),
  note: z.string().max(longestNote),
});
export type SaidOfStep = z.infer<typeof saidOfStepSchema>;
