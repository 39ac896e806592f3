import { randomBytes } from 'node:crypto';
import { readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { checksOf, expectCheck } from '../../support/checking.ts';
import { confirmed } from '../../support/site-states.ts';
import { commandIn, TwoSites, write } from '../../support/two-sites.ts';

const id = 'overwritten-data';

test('blank targets, and such as will be made, pass a seed', async (context) => {
  const sites = new TwoSites(context);
  sites.scratch.sparseFile('b/one.img', 300_001);
  await sites.sitepair.must(...sites.creation());
  await expectCheck(sites, 'protect', id, { status: 'pass', found: /^The targets are blank or will be made\.$/ });
});

test('a target with data blocks a seed until it is to be overwritten, saved or lost', async (context) => {
  const sites = new TwoSites(context);
  sites.scratch.sparseFile('b/one.img', 300_001);
  await sites.sitepair.must(...sites.creation());
  write(sites.target(), 200_000, 4);
  const holds = String.raw`^These targets hold data, at most 293 KiB: /.*/b/one\.img \(first at byte 200000\)\.`;
  const { remedy } = await expectCheck(sites, 'protect', id, {
    status: 'fail',
    found: new RegExp(`${holds}$`),
    remedy:
      /^Give a blank target; or overwrite it, its content being saved as the point before-protect: sitepair protect/,
    blocks: true,
  });
  const saved = {
    status: 'warn',
    found: new RegExp(
      `${holds} It is saved as the point before-protect before it is overwritten; a seed that finds no space for that stops\\.$`,
    ),
  } as const;
  await expectCheck(sites, 'protect', id, saved, { overwrite: true });
  const lost = { status: 'warn', found: new RegExp(`${holds} It will be lost \\(--discard\\)\\.$`) } as const;
  await expectCheck(
    sites,
    'protect',
    id,
    { ...lost, remedy: /^To have it saved instead: sitepair protect erp --overwrite --confirm erp$/ },
    { overwrite: true, discard: true },
  );

  await sites.sitepair.must(...(/sitepair (.*)$/.exec(remedy)?.[1] ?? '').split(' '));
  sites.expectMirrored();
  const { points } = await sites.sitepair.group(sites.name);
  expect(points.map((point) => point.kind)).toEqual(['before-protect', 'cycle']);
});

test('a reprotect is told how much the old side wrote that no point has, and since when', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  await sites.sitepair.must('failover', sites.name, '--confirm', sites.name);
  await sites.sitepair.must('commit', sites.name, '--confirm', sites.name);
  const none =
    /^Hall A wrote nothing after point 1\.1, which Hall B went into production from at 20\S+Z, by all 83 chunks; what differs is saved as the point before-reprotect\.$/;
  await expectCheck(sites, 'reprotect', id, { status: 'pass', found: none });

  write(sites.source(), 100, 1);
  write(sites.source(1), 700_000, 1);
  const differs =
    /^Hall A holds 3\d\.\d KiB \(by all 83 chunks, each counted whole\) that no point has, written after point 1\.1, which Hall B went into production from at 20\d\d-\S+Z\. It will be overwritten, and saved as the point before-reprotect\.$/;
  await expectCheck(sites, 'reprotect', id, { status: 'warn', found: differs, blocks: false });
  expect((await checksOf(sites, 'reprotect')).consequences.join()).toMatch(/holds .* will be overwritten/);

  const replace = ['pair-1', 'pair-2'].map((pairId) => ({ pairId, path: sites.path(`a/new ${pairId}.img`) }));
  const all = /^All volumes are replaced; nothing that exists is overwritten\.$/;
  await expectCheck(sites, 'reprotect', id, { status: 'pass', found: all }, { replace });
});

test('a new volume with data blocks a reprotect until it is to be overwritten; undo brings its data back', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  await confirmed(sites, ['failover'], ['commit']);
  const used = sites.path('a/used.img');
  const precious = randomBytes(300_001);
  writeFileSync(used, precious);
  const replace = [{ pairId: 'pair-1', path: used }];
  const holds = String.raw`^These new volumes hold data, at most 293 KiB: /.*/a/used\.img \(first at byte \d+\)\.`;
  await expectCheck(
    sites,
    'reprotect',
    id,
    {
      status: 'fail',
      found: new RegExp(`${holds} Hall A wrote nothing`),
      remedy: /^Give a blank volume;/,
      blocks: true,
    },
    { replace },
  );
  const saved = new RegExp(`${holds} It will be overwritten, and saved: undo brings it back`);
  const asked = { replace, overwrite: true };
  await expectCheck(sites, 'reprotect', id, { status: 'warn', found: saved, remedy: /^$/, blocks: false }, asked);
  const { consequences } = await checksOf(sites, 'reprotect', asked);
  expect(consequences[0]).toMatch(saved);
  expect(consequences).toContain(`Will be filled at Hall A from Hall B: ${used} (293 KiB).`);
  await confirmed(sites, ['reprotect', '--replace', `pair-1=${used}`, '--overwrite']);
  expect(readFileSync(used).equals(precious)).toBe(false);
  await confirmed(sites, ['undo']);
  expect(readFileSync(used).equals(precious)).toBe(true);
});

test('a large volume is sampled, and read whole on demand', async (context) => {
  const sites = new TwoSites(context);
  writeFileSync(sites.source(), Buffer.alloc(16 << 20, 5));
  sites.pairs = sites.pairs.slice(0, 1);
  await sites.protect();
  await sites.sitepair.must('failover', sites.name, '--confirm', sites.name);
  await sites.sitepair.must('commit', sites.name, '--confirm', sites.name);
  for (let chunk = 0; chunk < 512; chunk += 1) write(sites.source(), 2 * chunk * (16 << 10), 64);
  const sampled =
    /^Hall A holds about (?<likely>[\d.]+) MiB \(at most (?<most>[\d.]+) MiB, by a sample of 256 of 1024 chunks, each counted whole\) that no point has/;
  const { found } = await expectCheck(sites, 'reprotect', id, {
    status: 'warn',
    found: sampled,
    remedy: /sitepair check erp --for reprotect --exact/,
  });
  const { likely, most } = sampled.exec(found)?.groups ?? {};
  expect(Number(most)).toBeGreaterThan(Number(likely));
  expect(Number(most)).toBeLessThanOrEqual(16);
  const exact = /^Hall A holds 8\.0 MiB \(by all 1024 chunks, each counted whole\)/;
  await expectCheck(sites, 'reprotect', id, { status: 'warn', found: exact }, { exact: true });
});

test('without a digest map it says that it cannot tell, and that all is saved', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  await sites.sitepair.must('failover', sites.name, '--confirm', sites.name);
  await sites.sitepair.must('commit', sites.name, '--confirm', sites.name);
  rmSync(sites.folder(sites.recoveryStore), { recursive: true });
  const lost = /^How much Hall A wrote after the last cycle cannot be told: no digest map of it is left\./;
  await expectCheck(sites, 'reprotect', id, { status: 'warn', found: lost });
});

test('an undo is told what production wrote since the failover', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  await sites.sitepair.must('failover', sites.name, '--confirm', sites.name);
  const none = /^Hall B has written nothing since the failover, by all 83 chunks\.$/;
  await expectCheck(sites, 'undo', id, { status: 'pass', found: none });
  write(sites.target(), 0, 10);
  const wrote =
    /^Hall B has written [\d.]+ KiB \(by all 83 chunks, each counted whole\) since the failover\. It will be overwritten, and saved as the point before-undo\.$/;
  await expectCheck(sites, 'undo', id, { status: 'warn', found: wrote, remedy: /^Commit and reprotect instead/ });
});

test('an undo after a write that the sample missed says that there was one, and how to be sure', async (context) => {
  const sites = new TwoSites(context);
  writeFileSync(sites.source(), Buffer.alloc(16 << 20, 5));
  sites.pairs = sites.pairs.slice(0, 1);
  await sites.protect();
  await sites.sitepair.must('failover', sites.name, '--confirm', sites.name);
  const none =
    /^Hall B has written nothing since the failover, by its write marks and a sample of 256 of 1024 chunks\.$/;
  await expectCheck(sites, 'undo', id, { status: 'pass', found: none });

  // The time of a file's last write changes with any write, wherever the sample looks.
  const later = new Date(Date.now() + 5000);
  utimesSync(sites.target(), later, later);
  const little =
    /^Hall B was written since the failover, by its write marks; a sample of 256 of 1024 chunks saw no difference, so it is at most [\d.]+ KiB\. All that differs is saved as the point before-undo\.$/;
  const { remedy } = await expectCheck(sites, 'undo', id, { status: 'warn', found: little, blocks: false });
  expect((await checksOf(sites, 'undo')).verdict).toBe('warnings');
  expect((await sites.sitepair.run(...commandIn(remedy))).printed).toMatch(/written nothing .* by all 1024 chunks/);
});

test('an undo of a reprotect takes back from the journals', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  await sites.sitepair.must('failover', sites.name, '--confirm', sites.name);
  write(sites.target(), 0, 10);
  await sites.sitepair.must('commit', sites.name, '--confirm', sites.name);
  await sites.sitepair.must('reprotect', sites.name, '--confirm', sites.name);
  const kept = /^What is overwritten lies in the journals and can be brought back\.$/;
  await expectCheck(sites, 'undo', id, { status: 'pass', found: kept });
});

test('after a failover to an older point what is counted is said to be since that point', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  write(sites.source(), 100, 1);
  await sites.sitepair.must('sync', 'erp');
  await confirmed(sites, ['failover', '--point', '1.1'], ['commit']);
  const found = /^Hall A holds .* that no point has, written after point 1\.1, which Hall B went into/;
  await expectCheck(sites, 'reprotect', id, { status: 'warn', found });
});

test('the space is told by what was read: all of the side that is written, a sample of the other', async (context) => {
  const sites = new TwoSites(context);
  writeFileSync(sites.source(), Buffer.alloc(16 << 20, 5));
  sites.pairs = sites.pairs.slice(0, 1);
  await sites.protect();
  await confirmed(sites, ['failover']);
  for (let chunk = 0; chunk < 512; chunk += 1) write(sites.target(), 2 * chunk * (16 << 10), 64);
  const exact = { exact: true };
  await expectCheck(sites, 'undo', id, { status: 'warn', found: /has written 8\.0 MiB \(by all/ }, exact);
  const found =
    / 8\.0 (MiB )?to .* needed, by all 1024 chunks of what is overwritten and a sample of 256 of 1024 chunks/;
  await expectCheck(sites, 'undo', 'undo-space', { status: 'pass', found }, exact);
});
