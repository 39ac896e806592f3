/** Commands about what there is not, and commands that are no commands: refused, and nothing is left behind. */
import { mkdirSync, readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { checkIds } from '../../../src-main/contract/checks.ts';
import { sitepair, sitepairHere } from '../../support/command-line.ts';
import { Desk, type Refusal } from '../../support/refusals.ts';

const creation = (name: string): string[] =>
  `group create ${name} --primary-site A --recovery-site B --primary-store a/store --recovery-store b/store`.split(' ');
const erp = [...creation('erp'), '--pair', 'a/one.img::b/one.img'];
const confirm = ['--confirm', 'erp'];

function usage(code: Refusal['code'], says: RegExp, remedy?: RegExp): Refusal {
  return { exitCode: 2, code, says, ...(remedy === undefined ? {} : { remedy }) };
}

test('groups that are not there', async (context) => {
  const desk = new Desk(context);
  const unknown = usage('group-unknown', /nosuch/, /sitepair group list/);
  const commands = [
    ['group', 'show'],
    ['group', 'set', '--rpo', '1h'],
    ['group', 'remove', '--confirm', 'nosuch'],
    ['check', '--for', 'sync'],
    ['points'],
    ['points', '--drop', '1.1', '--confirm', 'nosuch'],
    ['runs'],
    ...['protect', 'sync', 'resume', 'rollback', 'verify', 'failover', 'failback', 'undo', 'commit', 'reprotect'].map(
      (operation) => [operation],
    ),
    ['change-point', '--point', '1.1'],
  ];
  for (const [command = '', ...rest] of commands) {
    const named =
      command === 'group' ? [command, rest[0] ?? '', 'nosuch', ...rest.slice(1)] : [command, 'nosuch', ...rest];
    await desk.refuses(named, unknown);
  }
});

test('points, pairs, runs and checks that are not there', async (context) => {
  const desk = new Desk(context);
  await desk.must(...erp);
  await desk.must('protect', 'erp');
  const point = usage('point-unknown', /The group erp has no point 9\.9\. \(--point\)/, /sitepair points erp/);
  await desk.refuses(['failover', 'erp', '--point', '9.9', ...confirm], point);
  await desk.refuses(['change-point', 'erp', '--point', '9.9', ...confirm], point);
  const dropped = usage('point-unknown', /The group erp has no point 9\.9\. \(--drop\)/, /sitepair points erp/);
  await desk.refuses(['points', 'erp', '--drop', '9.9', ...confirm], dropped);
  const unsaid = usage('invalid-input', /Which point is to be dropped was not said\. \(--point\)/, /points erp/);
  await desk.refuses(['check', 'erp', '--for', 'drop-point'], unsaid);

  const wrongPair = usage('pair-unknown', /has no pair pair-7/, /^Its pairs are: pair-1\.$/);
  await desk.refuses(['reprotect', 'erp', '--replace', 'pair-7=a/new.img', ...confirm], wrongPair);
  await desk.refuses(['group', 'set', 'erp', '--path', 'pair-7:primary=a/two.img'], wrongPair);
  await desk.refuses(
    ['group', 'set', 'erp', '--recovery-store', 'b/new', '--path', 'pair-7:primary=a/two.img'],
    wrongPair,
  );
  const nowhere = usage('volume-unsuitable', /a\/nothing does not answer/);
  await desk.refuses(['group', 'set', 'erp', '--path', 'pair-1:primary=a/nothing'], nowhere);

  await desk.refuses(['runs', 'show', '17'], usage('run-unknown', /17/, /sitepair runs/));
  const everyCheck = new RegExp(checkIds.join(', '));
  const noCheck = usage('invalid-input', /"nosuch" is no check\. \(--accept\)/, everyCheck);
  await desk.refuses(['sync', 'erp', '--accept', 'nosuch'], noCheck);
  const noOperation = usage('invalid-input', /"dance" is no operation\. \(--for\)/, /protect, sync/);
  await desk.refuses(['check', 'erp', '--for', 'dance'], noOperation);
});

test('confirmations that are missing or wrong say what would be lost', async (context) => {
  const desk = new Desk(context);
  await desk.must(...erp);
  await desk.must('protect', 'erp');
  const lost =
    /failover of erp must be confirmed\. What production wrote in the \d+ s since 20\d\d-.* is not in the point/;
  const missing = usage('confirmation-missing', lost, /--confirm erp$/);
  await desk.refuses(['failover', 'erp'], missing);
  const wrong = usage('confirmation-wrong', new RegExp(`"epr" is not the name of the group erp\\. ${lost.source}`));
  await desk.refuses(['failover', 'erp', '--confirm', 'epr'], wrong);
  const overwrite = usage('confirmation-missing', /protect of erp must be confirmed/, /--confirm erp$/);
  await desk.refuses(['protect', 'erp', '--overwrite'], overwrite);
  const forget = usage(
    'confirmation-missing',
    /makes this machine forget it; its volumes and stores stay/,
    /--confirm erp$/,
  );
  await desk.refuses(['group', 'remove', 'erp'], forget);

  // A wrong name is refused also where none is wanted: another group was meant.
  const another = usage('confirmation-wrong', /^"epr" is not the name of the group erp\. \(--confirm\)$/, /^Leave/);
  await desk.refuses(['protect', 'erp', '--confirm', 'epr'], another);
  await desk.refuses(['group', 'adopt', 'a/store', '--confirm', 'epr'], another);
});

test('options that do not go together, or lack their values', async (context) => {
  const desk = new Desk(context);
  await desk.must(...erp);
  const input = (says: RegExp): Refusal => usage('invalid-input', says);
  await desk.refuses(['protect', 'erp', '--discard'], input(/--discard/));
  await desk.refuses(['failover', 'erp', '--planned', '--point', '1.1', ...confirm], input(/goes to the newest point/));
  await desk.refuses(['group', 'set', 'erp'], input(/Nothing to change was given/));
  await desk.refuses(['group', 'set', 'erp', '--path', 'pair-1=a/two.img'], input(/cannot be understood\. \(--path\)/));
  await desk.refuses(
    ['reprotect', 'erp', '--replace', 'pair-1', ...confirm],
    input(/cannot be understood\. \(--replace\)/),
  );
  await desk.refuses(['points', 'erp', ...confirm], input(/Listing points needs no confirmation/));
  await desk.refuses(['runs', '--last', '0'], input(/out of range\. \(--last\)/));
  await desk.refuses(['change-point', 'erp', ...confirm], input(/--point/));
});

test('words that are no command, and commands that lack one', async (context) => {
  const desk = new Desk(context);
  const input = (says: RegExp, remedy = /sitepair .*--help/): Refusal => usage('invalid-input', says, remedy);
  await desk.refusesProcess(['frobnicate'], input(/Unknown command 'frobnicate'/));
  await desk.refuses(['sycn', 'erp'], input(/Unknown command 'sycn'/, /sync/));
  await desk.refuses(['sync'], input(/Missing required argument 'name'/, /sitepair sync --help/));
  await desk.refuses(['sync', 'erp', 'crm'], input(/Too many arguments/));
  await desk.refuses(['sync', 'erp', '--frob'], input(/Unknown option '--frob'/));
  await desk.refuses(['group'], input(/A command is missing/));
  await desk.refuses([], input(/A command is missing/));
});

test('stores that hold no group to adopt', async (context) => {
  const desk = new Desk(context);
  await desk.must(...erp);
  mkdirSync(desk.path('a/empty'));
  const unread = { exitCode: 3, code: 'store-unread' } as const;
  const empty = { ...unread, says: /\/empty holds no group; perhaps its file system is not mounted/, remedy: /^Mount/ };
  await desk.refuses(['group', 'adopt', 'a/empty'], empty);
  await desk.refuses(['group', 'adopt', 'a/nothing'], {
    ...unread,
    says: /a\/nothing cannot be read: it is not there/,
  });
  await desk.refuses(['group', 'adopt', 'a/one.img'], {
    ...unread,
    says: /cannot be read: a part of its path is no dir/,
  });
  const other = usage('group-unknown', /holds the groups erp, not crm/, /--group/);
  await desk.refuses(['group', 'adopt', 'a/store', '--group', 'crm'], other);
  const confirmation = usage('confirmation-missing', /fences every other machine/, /--confirm erp/);
  await desk.refuses(['group', 'adopt', 'a/store', '--take-over'], confirmation);
});

test('what a check blocks ends with 3, in one object with --json, and changes nothing', async (context) => {
  const desk = new Desk(context);
  await desk.must(...erp);
  const before = readdirSync(desk.path('b'));
  const plain = await sitepair(['sync', 'erp', '--home', desk.path('home')], { cwd: desk.scratch.dir });
  expect(plain.exitCode).toBe(3);
  expect(plain.stdout).toContain('sync of erp is blocked; nothing was changed.');
  expect(plain.stderr).toMatch(/^✖ .*the group is not protected; protect it first\.\n {2}To do: .+\n$/s);
  const { exitCode, stdout, stderr } = await sitepairHere(['sync', 'erp', '--json', '--home', desk.path('home')], '/');
  const blocked = z.object({ run: z.object({ outcome: z.literal('blocked'), error: z.object({ code: z.string() }) }) });
  expect([exitCode, stderr, blocked.parse(JSON.parse(stdout)).run.error.code]).toEqual([3, '', 'blocked']);
  expect(readdirSync(desk.path('b'))).toEqual(before);
});

test('relative paths count from where the user stands', async (context) => {
  const desk = new Desk(context);
  const words = [...creation('erp'), '--pair', './one.img::../b/one.img', '--json', '--home', '../home'];
  const stood = words.map((word) => word.replace(/^([ab])\/store$/, '../$1/store'));
  const { exitCode, stdout } = await sitepair(stood, { cwd: desk.path('a') });
  const shown = z.object({
    group: z.object({
      pairs: z.array(z.object({ primaryPath: z.string(), recoveryPath: z.string() })),
      stores: z.array(z.object({ path: z.string() })),
    }),
  });
  expect(exitCode).toBe(0);
  const { group } = shown.parse(JSON.parse(stdout));
  expect(group.pairs).toEqual([{ primaryPath: desk.path('a/one.img'), recoveryPath: desk.path('b/one.img') }]);
  expect(group.stores.map(({ path }) => path)).toEqual([desk.path('a/store'), desk.path('b/store')]);
  // From npm, the place where it was called counts.
  const env = { INIT_CWD: desk.path('a') };
  const list = await sitepair(['group', 'show', 'erp', '--json', '--home', '../home'], { cwd: '/', env });
  expect(list.exitCode).toBe(0);
});
