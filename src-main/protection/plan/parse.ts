/** A recovery plan as text (YAML 1.2), read and judged. */
import { z } from 'zod';
import {
  longestPlan,
  mostSteps,
  onFailureSchema,
  planSchema,
  plannedOperations,
  type Plan,
  type PlanStep,
  type Servers,
} from '../../contract/plan.ts';
import { siteRoleSchema } from '../../contract/phases.ts';
import { Objection, pathOf, readYaml, wants, type Issue, type Path } from './yaml-text.ts';

/** What stands in for what is left out, seconds. */
const usually = { timeout: 600, every: 5, servers: 600 };
const longestSeconds = 7 * 86_400;

const durationSchema = z.string().transform((text, context) => {
  const found = /^(\d{1,6}) ?(s|m|h)$/.exec(text);
  const seconds = Number(found?.[1]) * ({ s: 1, m: 60, h: 3600 }[found?.[2] ?? 's'] ?? 1);
  if (found !== null && seconds > 0 && seconds <= longestSeconds) return seconds;
  context.addIssue({
    code: 'custom',
    message: 'wants a time of at most seven days with its unit, as in 30s, 5m or 2h',
  });
  return z.NEVER;
});
const operationNames = z.enum(plannedOperations, { error: `wants one of ${plannedOperations.join(', ')}` });
const around = z.union([operationNames.transform((one) => [one]), z.array(operationNames).min(1)]).optional();
const line = z.string().trim().min(1).max(4000);

const rawStepSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'wants small letters, digits and hyphens, at most 40'),
  title: z.string().trim().min(1).max(200).optional(),
  before: around,
  after: around,
  to: siteRoleSchema.optional(),
  run: line.optional(),
  wait: line.optional(),
  manual: line.optional(),
  directory: z.string().startsWith('/', 'wants an absolute path').optional(),
  timeout: durationSchema.optional(),
  retries: z.number().int().min(0).max(100).optional(),
  every: durationSchema.optional(),
  'on-failure': onFailureSchema.optional(),
});
type RawStep = z.infer<typeof rawStepSchema>;

const rawServersSchema = z.strictObject({
  stopped: line.optional(),
  stop: line.optional(),
  start: line.optional(),
  timeout: durationSchema.optional(),
});
const rawPlanSchema = z.strictObject({
  steps: z.array(rawStepSchema).max(mostSteps).optional(),
  servers: z.strictObject({ primary: rawServersSchema.optional(), recovery: rawServersSchema.optional() }).optional(),
});

/** Throws `invalid-input` with the line of what is wrong. An empty text is a plan without steps. */
export function parsePlan(text: string): Plan {
  return readYaml(text, { longest: longestPlan, page: 'docs/PLANS.md' }, planOf);
}

function planOf(value: unknown): Plan {
  const parsed = rawPlanSchema.safeParse(value ?? {});
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new Objection(issue === undefined ? [] : pathOf(issue), issue === undefined ? '' : sentenceOf(issue));
  }
  const { steps = [], servers } = parsed.data;
  const known = new Set<string>();
  steps.forEach(({ id }, n) => {
    if (known.has(id)) throw new Objection(['steps', n, 'id'], `There are two steps with the id ${id}.`);
    known.add(id);
  });
  return planSchema.parse({
    steps: steps.map((step, n) => stepOf(step, ['steps', n])),
    servers: { primary: serversOf(servers?.primary), recovery: serversOf(servers?.recovery) },
  });
}

function stepOf(raw: RawStep, path: Path): PlanStep {
  const { id, before, after } = raw;
  const operations = before ?? after;
  if (operations === undefined || (before !== undefined && after !== undefined)) {
    throw new Objection(path, `The step ${id} wants either before or after, with the operations that it belongs to.`);
  }
  const kinds = (['run', 'wait', 'manual'] as const).filter((kind) => raw[kind] !== undefined);
  const [kind] = kinds;
  if (kind === undefined || kinds.length > 1) {
    throw new Objection(path, `The step ${id} wants exactly one of run, wait and manual.`);
  }
  const common = {
    id,
    title: raw.title ?? raw[kind]?.split('\n')[0] ?? id,
    when: before === undefined ? 'after' : 'before',
    operations,
    to: raw.to ?? null,
  } as const;
  refuse(raw, path, kind === 'run' ? ['every'] : kind === 'wait' ? ['retries'] : notManual, kind);
  if (raw.manual !== undefined) {
    if (operations.includes('sync')) {
      throw new Objection(path, `The step ${id} is manual and stands around sync, which begins by the clock.`);
    }
    return { kind: 'manual', ...common, text: raw.manual };
  }
  const command = {
    command: raw.run ?? raw.wait ?? '',
    directory: raw.directory ?? null,
    timeoutSeconds: raw.timeout ?? usually.timeout,
    onFailure: raw['on-failure'] ?? 'stop',
  };
  return kind === 'run'
    ? { kind: 'command', ...common, ...command, retries: raw.retries ?? 0 }
    : { kind: 'wait', ...common, ...command, everySeconds: raw.every ?? usually.every };
}

const notManual = ['directory', 'timeout', 'retries', 'every', 'on-failure'] as const;

/** What says nothing for this kind of step would be thought to hold. */
function refuse(raw: RawStep, path: Path, names: readonly (keyof RawStep)[], kind: string): void {
  const given = names.find((name) => raw[name] !== undefined);
  if (given === undefined) return;
  throw new Objection([...path, given], `The step ${raw.id} is given with ${kind}, for which ${given} means nothing.`);
}

function serversOf(raw: z.infer<typeof rawServersSchema> | undefined): Servers | null {
  if (raw === undefined) return null;
  const { stopped = null, stop = null, start = null, timeout = usually.servers } = raw;
  return { stopped, stop, start, timeoutSeconds: timeout };
}

function sentenceOf(issue: Issue): string {
  const field = issue.path.filter((part) => typeof part === 'string').at(-1);
  switch (issue.code) {
    case 'unrecognized_keys':
      return `${field === undefined ? 'A plan' : field === 'steps' ? 'A step' : `"${field}"`} has no "${issue.keys[0] ?? ''}".`;
    case 'invalid_union':
      return `${field === undefined ? 'The plan' : `"${field}"`} wants one operation or a list of them: ${plannedOperations.join(', ')}.`;
    default:
      return wants(field, issue);
  }
}
