/** What the search of the window finds. */
import { expect, test } from 'vitest';
import { sectionsOf } from '../../src-renderer/state/search.ts';
import { sampleGroup } from '../hosts/cli/sample-reports.ts';

const erp = sampleGroup({
  name: 'erp',
  actions: [
    { operation: 'sync', allowed: true, reason: '' },
    { operation: 'planned-failover', allowed: true, reason: '' },
    { operation: 'commit', allowed: false, reason: 'there is no failover to commit' },
    { operation: 'failover', allowed: true, reason: '' },
    { operation: 'drop-point', allowed: true, reason: '' },
  ],
});

/** "Section: title | title". */
function found(query: string): string[] {
  return sectionsOf(query, [erp]).map(
    ({ title, findings }) => `${title}: ${findings.map((finding) => finding.title).join(' | ')}`,
  );
}

test('operations of a group are found by their words, what begins with them first', () => {
  expect(found('failover erp')).toEqual(['Operations: Failover erp | Planned failover erp']);
  expect(found('ERP fail')[0]).toBe('Operations: Planned failover erp | Failover erp');
  expect(found('drop')).toEqual([]);
});

test('what is not allowed is found after the rest, says why, and leads to its group', () => {
  const [operations] = sectionsOf('er', [erp]);
  expect(operations?.findings.at(-1)).toMatchObject({
    title: 'Commit erp',
    note: 'not now: there is no failover to commit',
    place: { view: 'group', name: 'erp' },
  });
  expect(operations?.findings[0]?.place).toMatchObject({ view: 'wizard', name: 'erp' });
});

test('who types just the name of a group is led to the group first', () => {
  expect(sectionsOf(' ERP ', [erp])[0]?.findings[0]?.place).toEqual({ view: 'group', name: 'erp' });
  expect(sectionsOf('er', [erp])[0]?.title).toBe('Operations');
});

test('volumes are found by the paths of both sides', () => {
  expect(found('pgdata')).toEqual(['Volumes: /dev/vg0/pgdata | /replica/pgdata.raw']);
  expect(sectionsOf('replica pgwal', [erp])[0]?.findings[0]?.note).toBe('volume of erp at Hall B');
});

test('the settings of a group are found by what is set there', () => {
  expect(found('quiet hours')).toEqual(['Settings: Settings of erp']);
  expect(sectionsOf('limit erp', [erp])[0]?.findings[0]?.place).toEqual({ view: 'group-settings', name: 'erp' });
});

test('pages are found by what they are for; without words the groups and all pages are shown', () => {
  expect(found('theme')).toEqual(['Pages: Settings']);
  expect(found('')).toEqual([
    'Groups: erp',
    expect.stringMatching(/^Pages: Overview \| Groups \|.*\| Try a drill$/) as string,
  ]);
  expect(found('nothing like it')).toEqual([]);
});
