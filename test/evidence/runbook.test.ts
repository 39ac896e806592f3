/** The runbook that lies at both stores: made anew when what it says has changed, and its commands work. */
import { mkdirSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { skipUnless } from '../needs.ts';
import { bad, DyingSource, size } from '../support/dying-source.ts';
import { Installation } from '../support/installation.ts';
import { TwoSites } from '../support/two-sites.ts';
import { run } from '../volumes/scratch.ts';

/** The commands in a runbook, as they stand together. */
function blocksIn(page: string): string[] {
  const unescaped = (text: string): string => text.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)));
  return [...page.matchAll(/<pre>(.*?)<\/pre>/gs)].map(([, lines = '']) => unescaped(lines));
}

/** Their lines. */
function commandsIn(page: string): string[] {
  return blocksIn(page).flatMap((block) => block.split('\n'));
}

test('it lies at both stores, and follows the points and the configuration', async (context) => {
  const sites = new TwoSites(context);
  const read = (store: string): string => readFileSync(join(sites.folder(store), 'runbook.html'), 'utf8');
  await sites.sitepair.must(...sites.creation());
  expect(read(sites.primaryStore)).toContain('There was none when this was made');
  await sites.sitepair.must('protect', 'erp');
  for (const store of [sites.primaryStore, sites.recoveryStore]) {
    const page = read(store);
    const paths = sites.pairs.flatMap(({ source, target }) => [source, target]);
    for (const said of [...paths, '<td>1.1</td>', 'no point older than 15 min<']) expect(page).toContain(said);
  }
  const before = read(sites.recoveryStore);
  await sites.sitepair.run('failback', 'erp', '--confirm', 'erp');
  expect(read(sites.recoveryStore), 'what says nothing new is left as it is').toBe(before);
  await sites.sitepair.must('group', 'set', 'erp', '--rpo', '30m');
  for (const store of [sites.primaryStore, sites.recoveryStore]) expect(read(store)).toContain('older than 30 min<');
  await sites.sitepair.must('group', 'remove', 'erp', '--purge', '--confirm', 'erp');
  expect(existsSync(sites.folder(sites.primaryStore))).toBe(false);
});

test('after a disaster the one at the site that is left says where production is, and what could not be read', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  const read = (store: string): string =>
    readFileSync(join(sites.folder(store), 'runbook.html'), 'utf8').replaceAll(/\s+/g, ' ');
  const productionAt = (site: string): string => `<dt>Production</dt> <dd>at ${site}</dd>`;
  expect(read(sites.recoveryStore)).toContain(productionAt('Hall A'));
  expect(read(sites.recoveryStore)).not.toContain('What could not be read');
  renameSync(sites.path('a'), sites.path('lost'));
  await sites.sitepair.must('failover', 'erp', '--confirm', 'erp');
  const left = read(sites.recoveryStore);
  expect(left).toContain(productionAt('Hall B'));
  expect(left).toMatch(/The store of Hall A in [^<]* could not be used when this was made\..* is of \d{4}-\d\d-\d\d /);
  renameSync(sites.path('lost'), sites.path('a'));
  await sites.sitepair.must('commit', 'erp', '--confirm', 'erp');
  for (const store of [sites.primaryStore, sites.recoveryStore]) {
    expect(read(store)).toContain(productionAt('Hall B'));
    expect(read(store)).not.toContain('What could not be read');
  }
});

test('one that is asked for says whether the group can fail over and come back, and which pair is in no point', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  const page = async (name: string): Promise<string> => {
    await sites.sitepair.must('runbook', 'erp', '--out', sites.path(name));
    return readFileSync(sites.path(name), 'utf8');
  };
  expect(await page('unproved.html')).not.toContain('Whether it can fail over');
  await sites.sitepair.must('readiness', 'erp', '--now');
  const proved = await page('proved.html');
  for (const said of ['<td>Failover to Hall B</td>', '<td>Way back to Hall A</td>', 'by tester']) {
    expect(proved).toContain(said);
  }
  sites.scratch.sparseFile('a/three.img', 4096);
  const volumes = `${sites.path('a/three.img')}::${sites.path('b/three.img')}`;
  await sites.sitepair.must('group', 'add-pair', 'erp', volumes);
  const added = await page('added.html');
  expect(added).toContain('pair-3 (added, in no point when this was made)');
  expect(added).toContain('to be looked at again');
  const laid = readFileSync(join(sites.folder(sites.recoveryStore), 'runbook.html'), 'utf8');
  expect(laid).toContain('pair-3 (added, in no point when this was made)');
  expect(laid).not.toContain('Whether it can fail over');
});

test('on a machine without Sitepair the record tells whether the volumes are whole', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  await sites.sitepair.must('sync', 'erp');
  const replica = replicaFacts(sites);
  for (const fact of ['"receiving":null', '"position":{"epoch":1,"cycle":2}', '"moving":null', '"incomplete":false']) {
    expect(replica).toContain(fact);
  }
});

test('there it prints each fact of a record once: nothing of a longer one that lay there before', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  await sites.sitepair.must('sync', 'erp');
  const records = recordsTold(sites).flatMap((text) => text.split(/^$/m).filter((record) => record.trim() !== ''));
  expect(records, 'two stores, with two places each').toHaveLength(4);
  for (const record of records) {
    for (const fact of ['serial', 'role', 'receiving', 'position', 'moving', 'doubtful']) {
      expect(record.match(new RegExp(`^"${fact}":`, 'gm')), `${fact} in: ${record}`).toHaveLength(1);
    }
  }
});

/** What the commands for a machine without Sitepair print, one text a store. */
function recordsTold(sites: TwoSites): string[] {
  const page = readFileSync(join(sites.folder(sites.recoveryStore), 'runbook.html'), 'utf8');
  const looks = blocksIn(page).flatMap((block) => /^record=.*?^done$/ms.exec(block)?.[0] ?? []);
  expect(looks).toHaveLength(2);
  return looks.map((look) => run('sh', '-c', look));
}

/** Of that, the newest record of the replica. */
function replicaFacts(sites: TwoSites): string {
  const newest = (text: string): string =>
    text
      .split(/(?=^"serial")/m)
      .sort((a, b) => serialOf(a) - serialOf(b))
      .at(-1) ?? '';
  return newest(recordsTold(sites).find((text) => text.includes('"role":"replica"')) ?? '');
}

function serialOf(text: string): number {
  return Number(/"serial":(\d+)/.exec(text)?.[1] ?? 0);
}

test('there it tells too that a point is incomplete, and what it lacks', async (context) => {
  const dying = await DyingSource.of(context);
  const { sites, volume } = dying;
  await sites.protect();
  dying.write(0, size);
  volume.spoil(bad);
  await dying.skip('sync');
  const told = replicaFacts(sites);
  expect(told).toContain('"position":{"epoch":1,"cycle":2}');
  const [, below = ''] = told.split(/"epoch":1,"cycle":2,"at":"[^\n]*"state":"incomplete"\n/);
  expect(below.split('\n')[0]).toMatch(/^"unread":\[\{"number":1,"ranges":3,"bytes":2560,"first":\[.*\]\}\]$/);
  expect(told).toMatch(/"epoch":1,"cycle":1,"at":"[^\n]*"state":"usable"\n/);
});

test('it names the failover plans that the group is in, with their order', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  const page = async (name: string): Promise<string> => {
    await sites.sitepair.must('runbook', 'erp', '--out', sites.path(name));
    return readFileSync(sites.path(name), 'utf8');
  };
  const set = async (name: string, priorities: string): Promise<void> => {
    writeFileSync(sites.path('plan.yaml'), `priorities:\n${priorities}`);
    await sites.sitepair.must('failover-plan', 'set', name, sites.path('plan.yaml'));
  };
  await set('others', '  1: [mail]\n');
  expect(await page('none.html')).not.toContain('Failover plans');
  await set('hall-a-lost', '  1: [directory]\n  3: [erp, mail]\n');
  const said = await page('one.html');
  const rows = [...said.matchAll(/<tr>(.*?)<\/tr>/gs)].map(([row]) => row.replaceAll(/<[^>]*>|\s+/g, ' ').trim());
  const ofPlan = rows.map((row) => row.replaceAll(/ +/g, ' ')).filter((row) => row.startsWith('hall-a-lost'));
  expect(ofPlan).toEqual(['hall-a-lost 1 directory', 'hall-a-lost 3 erp, mail']);
  expect(commandsIn(said)).toContain('sitepair failover-plan check hall-a-lost --for failover');
  expect(said).not.toContain('others');
  // Those in the stores follow at once.
  const kept = (): string => readFileSync(join(sites.folder(sites.recoveryStore), 'runbook.html'), 'utf8');
  expect(kept()).toContain('hall-a-lost');
  await set('hall-a-lost', '  1: [directory]\n');
  expect(kept()).not.toContain('hall-a-lost');
  await set('hall-a-lost', '  1: [erp]\n');
  await sites.sitepair.must('failover-plan', 'remove', 'hall-a-lost');
  expect(kept()).not.toContain('hall-a-lost');
});

test('a partition of a replica that is a disk with a table is mounted by its commands, read-only', async (context) => {
  skipUnless(context, { root: true, loop: true, fileSystems: ['ext4'], commands: ['sfdisk', 'mkfs.ext4', 'mount'] });
  const sites = new TwoSites(context);
  const [first] = sites.pairs;
  sites.pairs = first === undefined ? [] : [first];
  const disk = sites.scratch.sparseFile('a/one.img', 48 << 20);
  run('sh', '-c', `printf 'label: gpt\\n,16M\\n,\\n' | sfdisk --quiet '${disk}'`);
  mkdirSync(sites.path('content'));
  writeFileSync(sites.path('content/orders'), 'the last one');
  run('mkfs.ext4', '-q', '-E', `offset=${17 << 20}`, '-d', sites.path('content'), disk, '30M');
  await sites.protect();

  const page = readFileSync(join(sites.folder(sites.recoveryStore), 'runbook.html'), 'utf8');
  const commands = commandsIn(page);
  const at = commands.findIndex((line) => line === `disk=${sites.target()}`);
  const point = sites.path('mounted');
  const [disks = '', list = '', , ...mount] = commands.slice(at, at + 7);
  const listed = run('sh', '-c', `${disks}; ${list}`);
  expect(
    listed
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(/\s+/)[0]),
  ).toEqual(['1', '2']);
  sites.scratch.later(() => run('umount', point));
  run('sh', '-c', `${disks}; part=2; ${mount.join('\n').replaceAll('/mnt/1', point)}`);
  expect(readFileSync(join(point, 'orders'), 'utf8')).toBe('the last one');
  expect(run('findmnt', '--noheadings', '--output', 'OPTIONS', point)).toMatch(/^ro,/);
});

test('no line of its commands without Sitepair is broken by the edge of the paper', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  const page = readFileSync(join(sites.folder(sites.recoveryStore), 'runbook.html'), 'utf8');
  const commands = commandsIn(page.slice(page.indexOf('Without Sitepair')));
  const short = commands.map((line) => line.replaceAll(sites.path(''), '/srv'));
  expect(short.length).toBeGreaterThan(20);
  expect(short.filter((line) => line.length > 80)).toEqual([]);
});

test('its commands bring the group back on another machine, and fail it over', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  const page = readFileSync(join(sites.folder(sites.recoveryStore), 'runbook.html'), 'utf8');
  const other = new Installation(sites.path('other-home'));
  const commands = commandsIn(page);
  const words = (begin: string): string[] =>
    commands
      .find((line) => line.startsWith(`sitepair ${begin}`))
      ?.replaceAll('"', '')
      .split(' ')
      .slice(1) ?? [];
  await other.must(...words('group adopt'));
  const { group } = await other.must(...words('failover erp --confirm'));
  expect(group).toMatchObject({ phase: 'failed-over', activeSite: 'recovery' });
});
