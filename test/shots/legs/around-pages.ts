/** What is there on every page: news, search; and the page that verifies all groups. */
import type { Leg } from '../stage.ts';

const mebibyte = 1 << 20;

export const aroundPages: Leg = {
  name: 'around-pages',
  pictures: [
    'page-verify-all',
    'verify-all-runs',
    'verify-all-done',
    'news',
    'notifications',
    'search',
    'search-nothing',
  ],
  walk: async (stage) => {
    const { groups, page } = stage;
    await groups.protected('files', [256 * mebibyte, 64 * mebibyte]);
    await groups.protected('shop', [16 * mebibyte]);
    groups.change('shop-1.img', 2, 'hall-b', 5);
    await stage.go('verify-all', 'groups can be verified');
    await stage.take('page-verify-all');
    await groups.limit('files', 6 * mebibyte);
    await stage.press('Verify all');
    await page.getByRole('progressbar').first().waitFor();
    await stage.rest(1500);
    await stage.take('verify-all-runs');
    await groups.unlimit('files');
    await stage.sees('Verify all again');
    await stage.take('verify-all-done');
    await groups.limit('files', null);
    await stage.go('overview');
    await groups.run('sync', 'files');
    await page.getByRole('region', { name: 'News' }).getByRole('link').first().waitFor();
    await stage.take('news', true);
    await page.getByRole('button', { name: /^Notifications/ }).click();
    await stage.take('notifications');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+k');
    await page.keyboard.type('files');
    await stage.sees('opens the wizard');
    await stage.take('search');
    await page.keyboard.type('-that-nobody-has');
    await stage.rest();
    await stage.take('search-nothing');
    await page.keyboard.press('Escape');
  },
};
