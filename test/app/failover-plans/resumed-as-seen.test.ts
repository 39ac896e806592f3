/** A resume of a failover plan begins nothing in a group that counted as through when it was looked at. */
import { renameSync } from 'node:fs';
import { expect, test } from 'vitest';
import { applicationAt } from '../../support/application-at.ts';
import { SeveralGroups, start } from '../../support/several-groups.ts';

test('a group that is led back after the look is not led over again by what was confirmed before', async (context) => {
  const groups = await SeveralGroups.protected(context, ['db', 'app'], 'priorities: {1: [db], 2: [app]}');
  renameSync(groups.volume('b', 'app'), groups.path('gone'));
  expect(groups.statesOf(await groups.sitepair.run(...start))).toEqual({ db: 'done', app: 'stopped' });
  renameSync(groups.path('gone'), groups.volume('b', 'app'));
  const application = await applicationAt(groups.sitepair.home, context);
  const { review } = await application.invoke('failover-plans.check-resume', { name: 'lost' });
  expect(review.groups.map(({ group }) => group)).toEqual(['app']);
  const seen = review.groups.flatMap(({ group, standing }) => (standing === null ? [] : [{ group, standing }]));
  await groups.sitepair.must('undo', 'db', '--confirm', 'db');
  const resume = { name: 'lost', confirm: 'lost', seen };
  await expect(application.invoke('failover-plans.resume', resume)).rejects.toMatchObject({
    report: { message: expect.stringContaining('db would be taken up again') as string },
  });
  for (const name of ['db', 'app']) expect(await groups.siteOf(name)).toBe('primary');
});
