/** What --accept passes: only what the table marks, never ownership or the saving of old content; it is recorded. */
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { checkIds, type CheckId } from '../../../src-main/contract/checks.ts';
import { operations, rehearsals } from '../../../src-main/contract/phases.ts';
import { checkTable } from '../../../src-main/protection/checks/table.ts';
import { checksOf } from '../../support/checking.ts';
import { TwoSites, write } from '../../support/two-sites.ts';

describe('the table', () => {
  test('has every check, each once an operation, beginning with other runs and the phase', () => {
    const used = new Set<CheckId>();
    for (const operation of operations) {
      const ids = checkTable[operation].map((rule) => rule.id);
      expect(new Set(ids).size).toBe(ids.length);
      const first = rehearsals.includes(operation) ? ['phase-allows'] : ['no-other-run', 'phase-allows'];
      expect(ids.slice(0, first.length)).toEqual(first);
      for (const id of ids) used.add(id);
    }
    expect(used).toEqual(new Set(checkIds));
  });

  test('lets nobody accept a wrong side, a volume in use, or what would not be saved', () => {
    const acceptable = new Set(
      Object.values(checkTable).flatMap((rules) =>
        rules.filter((rule) => rule.fail === 'accept' || rule.unknown === 'accept').map((rule) => rule.id),
      ),
    );
    const known = [
      'sizes-match',
      'undo-space',
      'replica-intact',
      'volumes-recognized',
      'production-stopped',
      'pairs-in-point',
      'plan-ready',
    ];
    expect(acceptable).toEqual(new Set(known));
  });

  test('stops every operation that writes volumes at ownership, use, rights and stores', () => {
    const needed = ['ownership-agrees', 'target-not-in-use', 'volumes-writable', 'privileges', 'stores-writable'];
    for (const operation of operations) {
      if (['commit', 'drop-point', 'compare', ...rehearsals].includes(operation)) continue;
      for (const id of needed) {
        const rule = checkTable[operation].find((one) => one.id === id);
        expect([operation, id, rule?.fail, rule?.unknown]).toEqual([operation, id, 'stop', 'stop']);
      }
    }
  });
});

describe('an accepted check', () => {
  const entries = z.object({ entries: z.array(z.object({ action: z.string(), detail: z.string() })) });

  test('passes, is shown as accepted, and stands in the run and the audit log', async (context) => {
    const sites = new TwoSites(context);
    await sites.protect();
    write(sites.target(), 100, 1);
    const failover = ['failover', sites.name, '--confirm', sites.name];
    await sites.refused(3, /differs from the point/, failover);
    await sites.refused(3, /differs from the point/, [...failover, '--accept', 'undo-space']);
    const given = ['--accept', 'replica-intact', '--accept', 'ownership-agrees'];
    const { run, checks } = await sites.sitepair.must(...failover, ...given);
    expect(run?.accepted).toEqual(['replica-intact']);
    const accepted = checks?.filter((check) => check.accepted).map((check) => [check.id, check.status, check.blocks]);
    expect(accepted).toEqual([['replica-intact', 'fail', true]]);
    const { runs } = await sites.sitepair.must('runs', sites.name);
    expect(runs?.map((one) => [one.outcome, one.accepted])).toContainEqual(['succeeded', ['replica-intact']]);
    expect(runs?.filter((one) => one.outcome === 'blocked').map((one) => one.accepted)).toEqual([[], []]);

    const { printed } = await sites.sitepair.run('audit');
    const log = entries.parse(JSON.parse(printed)).entries;
    const ended = log.find((entry) => entry.action === 'failover ended' && entry.detail.includes('succeeded'));
    expect(ended?.detail).toContain('"accepted":[{"check":"replica-intact","found":"1 chunk of Hall B differs');
  });

  test('is of no use where the table does not mark it', async (context) => {
    const sites = new TwoSites(context);
    sites.scratch.sparseFile('b/one.img', 300_001);
    await sites.sitepair.must(...sites.creation());
    write(sites.target(), 100, 1);
    const { checks, verdict } = await checksOf(sites, 'protect', { accept: [...checkIds] });
    expect(verdict).toBe('blocked');
    const blocking = checks.filter((check) => check.blocks);
    expect(blocking.map((check) => [check.id, check.acceptable, check.accepted])).toEqual([
      ['overwritten-data', false, false],
    ]);
    await sites.refused(3, /hold data/, ['protect', sites.name, '--accept', 'overwritten-data']);
  });
});
