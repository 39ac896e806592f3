/** Places that serve for something else, or that this user may not use, are refused before anything is made. */
import { chmodSync, mkdirSync, readdirSync } from 'node:fs';
import { expect, test, type TestContext } from 'vitest';
import { Desk } from '../../support/refusals.ts';

function creation(name: string, store: string, pair: string): string[] {
  const sites = ['--primary-site', 'Hall A', '--recovery-site', 'Hall B'];
  const stores = ['--primary-store', `a/${store}`, '--recovery-store', `b/${store}`];
  return ['group', 'create', name, ...sites, ...stores, '--pair', pair];
}

test('the files of a store are no volumes', async (context) => {
  const desk = new Desk(context);
  await desk.must(...creation('erp', 'store', 'a/one.img::b/one.img'));
  const says = /\/erp\/(record|new\.img) lies in \/.*\/b\/store\/erp, which is the folder of a group in its store/;
  for (const pair of ['b/store/erp/record::b/two.img', 'a/two.img::b/store/erp/new.img']) {
    await desk.refuses(creation('mail', 'other', pair), { exitCode: 2, code: 'volume-unsuitable', says });
  }
});

test('the directory above a store is told from one that is not mounted', async (context) => {
  const desk = new Desk(context);
  await desk.must(...creation('erp', 'store', 'a/one.img::b/one.img'));
  await desk.refuses(['group', 'adopt', 'b'], {
    exitCode: 2,
    code: 'store-unsuitable',
    says: /The directory \/.*\/b is no store, but in it are: \/.*\/b\/store/,
    remedy: /sitepair group adopt \/.*\/b\/store$/,
  });
});

test('group set with nothing but a confirmation changes nothing', async (context) => {
  const desk = new Desk(context);
  await desk.must(...creation('erp', 'store', 'a/one.img::b/one.img'));
  const says = /Nothing to change was given/;
  await desk.refuses(['group', 'set', 'erp', '--confirm', 'erp'], { exitCode: 2, code: 'invalid-input', says });
});

/** Takes rights away, and gives them back when the test ends. */
function locked(context: TestContext, path: string, mode: number): void {
  chmodSync(path, mode);
  context.onTestFinished(() => chmodSync(path, 0o700));
}

test('a source that may not be read, and a target that may not be made, are refused at once', async (context) => {
  const desk = new Desk(context);
  locked(context, desk.path('a/one.img'), 0o000);
  const unread = { exitCode: 1, code: 'permission-denied', says: /a\/one\.img: this user may not read it/ } as const;
  const unprivileged = { unprivileged: true } as const;
  await desk.refusesProcess(creation('erp', 'store', 'a/one.img::b/one.img'), unread, unprivileged);
  mkdirSync(desk.path('b/closed'));
  locked(context, desk.path('b/closed'), 0o500);
  const says = /b\/closed\/two\.img: this user may make no file there/;
  const unmade = { exitCode: 1, code: 'permission-denied', says } as const;
  await desk.refusesProcess(creation('erp', 'store', 'a/two.img::b/closed/two.img'), unmade, unprivileged);
  expect(readdirSync(desk.path('b'))).not.toContain('store');
});
