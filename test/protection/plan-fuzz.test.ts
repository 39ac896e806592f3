/** Whatever is given as a recovery plan: it is a plan, or is refused with the line of what is wrong. */
import { expect, test } from 'vitest';
import { longestPlan, planSchema } from '../../src-main/contract/plan.ts';
import { parsePlan } from '../../src-main/protection/plan/parse.ts';
import { eachCase, givenOrRefused, mutatedText } from '../support/fuzz.ts';

const plan = `servers:
  primary:
    stopped: ssh app-a 'systemctl is-active erp && exit 1; exit 0' # 0: stopped
    stop: ssh app-a systemctl stop erp
    timeout: 10m
steps:
  - id: announce
    before: [failover, planned-failover, failback]
    run: /usr/local/bin/announce "$SITEPAIR_OPERATION of $SITEPAIR_GROUP begins"
    timeout: 30s
    on-failure: go-on
  - {id: cut-off, before: failover, to: recovery, manual: "Withdraw the exports, \\u00e4nd wait."}
  - id: answers
    after: [failover]
    wait: |
      pg_isready -h app-b &&
      true
    every: 5s
`;

/** What YAML knows and a plan does not want, so that chance meets it. */
const odd = [
  '&a',
  '*a',
  '<<: *a',
  '!!js/function',
  '? ',
  '- - - ',
  '{',
  '[',
  '"',
  '...\n---\n',
  '%YAML 9.9\n',
  '\t',
  '\0',
];

test('a plan with anything in it is read, or refused with its line', () => {
  eachCase((random) => {
    const at = random.below(plan.length);
    const put = random.pick(['', ...odd]).repeat(1 + random.below(3));
    const text = mutatedText(plan.slice(0, at) + put + plan.slice(at), random);
    const read = givenOrRefused(() => parsePlan(text));
    if (read !== null) expect(planSchema.parse(read.given)).toEqual(read.given);
  });
});

test('depth and length do no harm', () => {
  for (const text of ['['.repeat(30_000), '{a: '.repeat(15_000), '- '.repeat(30_000), 'x'.repeat(longestPlan + 1)]) {
    expect(
      givenOrRefused(() => parsePlan(text)),
      text.slice(0, 9),
    ).toBe(null);
  }
});
