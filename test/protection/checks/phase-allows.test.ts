import { expect, test } from 'vitest';
import { operations } from '../../../src-main/contract/phases.ts';
import { checksOf, expectCheck } from '../../support/checking.ts';
import { TwoSites } from '../../support/two-sites.ts';

test('a phase that allows the operation passes, another refuses it and says why', async (context) => {
  const sites = new TwoSites(context);
  await sites.sitepair.must(...sites.creation());
  await expectCheck(sites, 'protect', 'phase-allows', { status: 'pass', found: /^The group is not protected\.$/ });
  await expectCheck(sites, 'sync', 'phase-allows', {
    status: 'fail',
    found: /^Not now: the group is not protected; protect it first\.$/,
    remedy: /sitepair group show erp$/,
    blocks: true,
  });
});

test('nothing is looked at that the phase does not allow', async (context) => {
  const sites = new TwoSites(context);
  await sites.sitepair.must(...sites.creation());
  const { checks, verdict } = await checksOf(sites, 'commit');
  expect(checks.map((check) => check.id)).toEqual(['no-other-run', 'phase-allows']);
  expect(verdict).toBe('blocked');
});

test('a failback is refused while production is at the primary site, and named', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  const found = /^Not now: production is at the primary site Hall A already, so there is nothing to fail back\.$/;
  await expectCheck(sites, 'failback', 'phase-allows', { status: 'fail', found, blocks: true });
});

test('of the points only one that the volumes do not need can be dropped', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  await sites.sitepair.must('sync', sites.name);
  const blocked = { status: 'fail', blocks: true } as const;
  const current = {
    ...blocked,
    found: /^Not now: the volumes are at point 1\.2, or are being brought to or from it\.$/,
  };
  await expectCheck(sites, 'drop-point', 'phase-allows', current, { point: '1.2' });
  const unknown = { ...blocked, found: /^Not now: the group keeps no point 9\.9 that could be dropped\.$/ };
  await expectCheck(sites, 'drop-point', 'phase-allows', unknown, { point: '9.9' });
  await sites.refused(3, /the volumes are at point 1\.2/, [
    'points',
    sites.name,
    '--drop',
    '1.2',
    '--confirm',
    sites.name,
  ]);
  expect((await checksOf(sites, 'drop-point', { point: '1.1' })).verdict).toBe('ready');
  await sites.sitepair.must('points', sites.name, '--drop', '1.1', '--confirm', sites.name);
});

test('in every phase it says of every operation what the group view says', async (context) => {
  const sites = new TwoSites(context);
  const agree = async (phase: string): Promise<void> => {
    const group = await sites.sitepair.group(sites.name);
    expect(group.phase).toBe(phase);
    for (const operation of operations) {
      const { checks } = await checksOf(sites, operation);
      const action = group.actions.find((one) => one.operation === operation);
      const first = checks.find(({ id }) => id === 'phase-allows');
      expect([operation, first?.id, first?.status]).toEqual([
        operation,
        'phase-allows',
        action?.allowed === true ? 'pass' : 'fail',
      ]);
      if (action?.allowed === false) expect(first?.found).toBe(`Not now: ${action.reason}.`);
    }
  };
  await sites.sitepair.must(...sites.creation());
  await agree('unprotected');
  await sites.sitepair.must('protect', sites.name);
  await agree('protected');
  await sites.sitepair.must('failover', sites.name, '--confirm', sites.name);
  await agree('failed-over');
  await sites.sitepair.must('commit', sites.name, '--confirm', sites.name);
  await agree('committed');
  await sites.sitepair.must('reprotect', sites.name, '--confirm', sites.name);
  await agree('protected');
});
