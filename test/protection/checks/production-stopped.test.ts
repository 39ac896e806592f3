import { constants, renameSync } from 'node:fs';
import { test } from 'vitest';
import { skipUnless } from '../../needs.ts';
import { expectCheck } from '../../support/checking.ts';
import { TwoSites } from '../../support/two-sites.ts';
import { run, until } from '../../volumes/scratch.ts';

const id = 'production-stopped';

test('volumes that nobody writes pass; whoever has one open for writing blocks a planned failover', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  await expectCheck(sites, 'planned-failover', id, {
    status: 'pass',
    found:
      /^Nothing on this machine has the volumes at Hall A in use\. What other machines may have in use is not seen from here/,
  });
  const writer = await sites.scratch.holder(sites.source(1), constants.O_RDWR);
  await expectCheck(sites, 'planned-failover', id, {
    status: 'fail',
    found: new RegExp(`^/.*/a/two\\.img is open for writing by \\S+ \\(pid ${writer.pid}\\)\\.$`),
    remedy: /^Stop production at Hall A, then check again\.$/,
    blocks: true,
  });
});

test('the stopped check has a word: stopped, running, or no answer', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  const saying = async (command: string): Promise<void> => {
    await sites.sitepair.must('group', 'set', sites.name, '--stopped-check', command);
  };
  await saying('echo no database runs');
  const stopped = /^The stopped check says that production is stopped \(no database runs\)\.$/;
  await expectCheck(sites, 'planned-failover', id, { status: 'pass', found: stopped });
  await saying('exit 1');
  await expectCheck(sites, 'planned-failover', id, {
    status: 'fail',
    found: /^The stopped check says that production runs \(exit code 1\)\.$/,
    remedy: /^Stop production at Hall A, or mend the stopped check; then check again\.$/,
    blocks: true,
  });
  await saying('echo cannot connect >&2; exit 7');
  await expectCheck(sites, 'planned-failover', id, {
    status: 'unknown',
    found: /^The stopped check gave no answer \(cannot connect\)\.$/,
    blocks: true,
  });
  await saying('exit 7');
  const silent = /^The stopped check gave no answer \(exit code 7\)\.$/;
  await expectCheck(sites, 'planned-failover', id, { status: 'unknown', found: silent });
});

test('a side that cannot be seen is unknown, which an unplanned failover may pass', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  renameSync(sites.path('a'), sites.path('a is lost'));
  await expectCheck(sites, 'failover', id, {
    status: 'unknown',
    found: /^\/.*\/a\/one\.img is not there; .*: whether production writes there cannot be seen from here\.$/,
    remedy: /Stop production there, withdraw its mounts, .* sitepair group set erp --stopped-check COMMAND$/,
    blocks: false,
  });
});

test('what another host may write over the network is unknown', async (context) => {
  skipUnless(context, { root: true, commands: ['nbdkit', 'nbdfuse', 'fusermount3'] });
  const sites = new TwoSites(context);
  const socket = sites.scratch.path('socket');
  const point = sites.scratch.path('served');
  run('mkdir', point);
  sites.scratch.start('nbdkit', '--foreground', '--unix', socket, 'memory', '1M');
  await until(() => run('ls', sites.scratch.dir).includes('socket'));
  sites.scratch.start('nbdfuse', point, '--unix', socket);
  sites.scratch.later(() => run('umount', point));
  await until(() => run('ls', point) === 'nbd');
  sites.pairs = [{ source: `${point}/nbd`, target: sites.target() }];
  await sites.sitepair.must(...sites.creation());
  await sites.sitepair.must('protect', sites.name);
  await expectCheck(sites, 'planned-failover', id, {
    status: 'unknown',
    found: /nbd lies on fuse\S* .*: whether production writes there cannot be seen from here\.$/,
    blocks: true,
  });
});
