/** The window before anything is protected, while all is read, and where the catalog cannot be read. */
import type { Leg } from '../stage.ts';

const pages = [
  { view: 'groups', says: /^0 groups|^No group|^Nothing/ },
  { view: 'plans', says: '0 failover plans' },
  { view: 'volumes' },
  { view: 'runs' },
  { view: 'audit' },
  { view: 'salvage' },
] as const;

export const empty: Leg = {
  name: 'empty',
  pictures: ['loading', 'first-start', ...pages.map(({ view }) => `empty-${view}`), 'catalog-unreadable'],
  walk: async (stage) => {
    await stage.go('overview');
    const answer = stage.application.hold('groups.list');
    await stage.page.reload();
    await stage.sees('Reading the stores of all groups');
    await stage.take('loading');
    answer();
    await stage.sees('Nothing is protected yet');
    await stage.take('first-start');
    for (const { view } of pages) {
      await stage.go(view);
      await stage.rest();
      await stage.take(`empty-${view}`);
    }
    const mended = stage.application.refuse('groups.list', {
      code: 'catalog-unusable',
      message: 'The catalog /var/lib/sitepair/catalog.sqlite was moved away or replaced while it was open.',
      remedy: 'End Sitepair and start it again; groups that are missing then come back with `sitepair group adopt`.',
    });
    await stage.go('overview');
    await stage.page.reload();
    await stage.sees('was moved away');
    await stage.take('catalog-unreadable');
    mended();
    await stage.page.reload();
    await stage.sees('Nothing is protected yet');
  },
};
