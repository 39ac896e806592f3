/** A failover plan as text (YAML 1.2), read and judged. */
import { z } from 'zod';
import {
  failoverPlanSchema,
  longestFailoverPlan,
  mostAtOnce,
  usuallyAtOnce,
  type FailoverPlan,
} from '../../contract/failover-plans.ts';
import { Objection, pathOf, readYaml, wants, type Issue, type Path } from '../../protection/plan/yaml-text.ts';

const rawSchema = z.strictObject({
  priorities: z.record(z.string(), z.array(z.string().trim().min(1)).min(1)),
  'on-failure': failoverPlanSchema.shape.onFailure.optional(),
  'at-once': z.number().int().min(1).max(mostAtOnce).optional(),
});

/** Throws `invalid-input` with the line of what is wrong. */
export function parseFailoverPlan(text: string): FailoverPlan {
  return readYaml(text, { longest: longestFailoverPlan, page: 'docs/PLANS.md' }, planOf);
}

function planOf(value: unknown): FailoverPlan {
  const parsed = rawSchema.safeParse(value ?? {});
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new Objection(issue === undefined ? [] : inText(pathOf(issue)), issue === undefined ? '' : sentenceOf(issue));
  }
  const known = new Map<string, string>();
  const priorities = Object.entries(parsed.data.priorities).map(([key, groups]) => {
    if (!/^[1-9]\d{0,3}$/.test(key)) {
      throw new Objection(['priorities', key], `A priority is a whole number from 1 on; "${key}" is none.`);
    }
    groups.forEach((group, n) => {
      const before = known.get(group);
      if (before !== undefined) {
        throw new Objection(inText(['priorities', key, n]), `The group ${group} stands at priority ${before} already.`);
      }
      known.set(group, key);
    });
    return { priority: Number(key), groups };
  });
  if (priorities.length === 0) throw new Objection(['priorities'], 'A failover plan wants at least one group.');
  return {
    priorities: priorities.toSorted((a, b) => a.priority - b.priority),
    onFailure: parsed.data['on-failure'] ?? 'stop',
    atOnce: parsed.data['at-once'] ?? usuallyAtOnce,
  };
}

/** Keys that are numbers are numbers in the text, and texts in what is read of it. */
function inText(path: Path): Path {
  return path.map((part, n) => (n === 1 && typeof part === 'string' && /^\d+$/.test(part) ? Number(part) : part));
}

function sentenceOf(issue: Issue): string {
  const [field, ...within] = issue.path.filter((part) => typeof part === 'string');
  if (issue.code === 'unrecognized_keys') return `A failover plan has no "${issue.keys[0] ?? ''}".`;
  if (field === 'priorities') {
    return within.length === 0
      ? '"priorities" wants a number a line with the groups of that priority, as in 1: [erp, crm].'
      : `Priority ${within.join('.')} wants a list of groups, as in [erp, crm].`;
  }
  return field === 'at-once' && issue.code !== 'invalid_type'
    ? `"at-once" wants a number from 1 to ${mostAtOnce}.`
    : wants(field, issue);
}
