/** Wrong words and wrong places: each is refused with one clear error, and nothing is left behind. */
import { chmodSync, linkSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { describe, expect, test, type TestContext } from 'vitest';
import { skipUnless } from '../../needs.ts';
import { sitepair, sitepairHere } from '../../support/command-line.ts';
import { Desk, type Refusal } from '../../support/refusals.ts';
import { run } from '../../volumes/scratch.ts';

const sites = ['--primary-site', 'Hall A', '--recovery-site', 'Hall B'];
const stores = ['--primary-store', 'a/store', '--recovery-store', 'b/store'];
const pair = ['--pair', 'a/one.img::b/one.img'];

/** `group create` with everything in order but for what is given. */
function creation(change: { name?: string; sites?: string[]; stores?: string[]; pair?: string[] } = {}): string[] {
  return [
    'group',
    'create',
    change.name ?? 'erp',
    ...(change.sites ?? sites),
    ...(change.stores ?? stores),
    ...(change.pair ?? pair),
  ];
}

function usage(code: Refusal['code'], says: RegExp, remedy?: RegExp): Refusal {
  return { exitCode: 2, code, says, ...(remedy === undefined ? {} : { remedy }) };
}

const input = (says: RegExp, remedy?: RegExp): Refusal => usage('invalid-input', says, remedy);
const volume = (says: RegExp, remedy?: RegExp): Refusal => usage('volume-unsuitable', says, remedy);
const overlap = (says: RegExp): Refusal => usage('volume-overlap', says, /^Give each pair two volumes of its own/);
const store = (says: RegExp, remedy?: RegExp): Refusal => usage('store-unsuitable', says, remedy);

/** Each a way to make a group wrongly; `prepare` puts things where they do not belong. */
const wrongGroups: {
  title: string;
  words: string[];
  expected: Refusal;
  prepare?: (desk: Desk) => void;
}[] = [
  {
    title: 'a source that is not there',
    words: creation({ pair: ['--pair', 'a/nothing.img::b/one.img'] }),
    expected: volume(/a\/nothing\.img does not answer: no such file/, /^Check the path/),
  },
  {
    title: 'a path that goes through a file',
    words: creation({ pair: ['--pair', 'a/one.img/deeper::b/one.img'] }),
    expected: volume(/one\.img\/deeper does not answer: not a directory/),
  },
  {
    title: 'a directory as source',
    words: creation({ pair: ['--pair', 'a::b/one.img'] }),
    expected: volume(/\/a is a directory/, /block device, a disk image or another large file/),
  },
  {
    title: 'a directory as target',
    words: creation({ pair: ['--pair', 'a/one.img::b'] }),
    expected: volume(/\/b is a directory/),
  },
  {
    title: 'a pipe',
    words: creation({ pair: ['--pair', 'a/pipe::b/one.img'] }),
    expected: volume(/a\/pipe is a pipe/),
    prepare: (desk) => void run('mkfifo', desk.path('a/pipe')),
  },
  {
    title: 'a character device',
    words: creation({ pair: ['--pair', 'a/one.img::/dev/zero'] }),
    expected: volume(/\/dev\/zero is a character device/),
  },
  {
    title: 'an empty volume',
    words: creation({ pair: ['--pair', 'a/empty.img::b/one.img'] }),
    expected: volume(/a\/empty\.img is empty \(0 bytes\)/),
    prepare: (desk) => writeFileSync(desk.path('a/empty.img'), ''),
  },
  {
    title: 'a target smaller than its source',
    words: creation({ pair: ['--pair', 'a/one.img::b/small.img'] }),
    expected: volume(/b\/small\.img has 99999 bytes, its source .*a\/one\.img has 100000/, /at least as large/),
  },
  {
    title: 'a target in a folder that is not there',
    words: creation({ pair: ['--pair', 'a/one.img::b/no/one.img'] }),
    expected: volume(/The folder \/.*\/b\/no, where the target would be made, is not there/, /^Make the folder/),
  },
  { title: 'no pair', words: creation({ pair: [] }), expected: input(/--pair/, /sitepair group create --help/) },
  {
    title: 'a pair without a target',
    words: creation({ pair: ['--pair', 'a/one.img'] }),
    expected: input(/"a\/one\.img" cannot be understood\. \(--pair\)/, /two colons/),
  },
  {
    title: 'the same volume on both sides',
    words: creation({ pair: ['--pair', 'a/one.img::a/one.img'] }),
    expected: overlap(/a\/one\.img is used twice \(this group\)/),
  },
  {
    title: 'the same volume through a link',
    words: creation({ pair: ['--pair', 'a/one.img::b/link.img'] }),
    expected: overlap(/a\/one\.img and .*b\/link\.img .*share bytes/),
    prepare: (desk) => symlinkSync(desk.path('a/one.img'), desk.path('b/link.img')),
  },
  {
    title: 'one target for two sources',
    words: creation({ pair: [...pair, '--pair', 'a/two.img::b/one.img'] }),
    expected: overlap(/b\/one\.img is used twice \(this group\)/),
  },
  ...['100K', '2K', '8M', '0'].map((size) => ({
    title: `a chunk size of ${size}`,
    words: [...creation(), '--chunk-size', size],
    expected: input(/A chunk size of \d+ bytes cannot be used\. \(--chunk-size\)/, /power of two from 4K to 4M/),
  })),
  ...['much', '-5', '1.0001K'].map((size) => ({
    title: `a chunk size of "${size}"`,
    words: [...creation(), `--chunk-size=${size}`],
    expected: input(/is no size\. \(--chunk-size\)/, /binary unit/),
  })),
  ...['e/p', '..', '', 'e p', 'e\np', 'e\x07p', '-', 'ä', 'x'.repeat(65)].map((name) => ({
    title: `the name ${JSON.stringify(name)}`,
    words: creation({ name }),
    expected: input(/cannot be a group's name\. \(NAME\)/, /^Use 1 to 64 letters/),
  })),
  ...['', '  ', ' Hall B', 'Hall B ', 'Hall\nA', 'Hall \x1b[31mA', 'x'.repeat(65)].map((name) => ({
    title: `the site name ${JSON.stringify(name)}`,
    words: creation({ sites: ['--primary-site', 'Hall A', '--recovery-site', name] }),
    expected: input(/cannot be a site's name\. \(--recovery-site\)/, /on one line/),
  })),
  {
    title: 'the same name for both sites',
    words: creation({ sites: ['--primary-site', 'Hall A', '--recovery-site', 'hall A'] }),
    expected: input(/Both sites cannot be named "hall A"\. \(--recovery-site\)/, /a name of its own/),
  },
  ...(
    [
      ['--rpo', 'soon', /is no duration/],
      ['--rpo', '0s', /is no duration/],
      ['--keep-points', '0', /is out of range/],
      ['--keep-points', '1001', /is out of range/],
      ['--limit', '0', /is no rate/],
      ['--limit', 'fast', /is no rate/],
      ['--limit', '10', /10 B a second is too low for chunks of 256 KiB/],
    ] as const
  ).map(([option, value, says]) => ({
    title: `${option} ${value}`,
    words: [...creation(), option, value],
    expected: input(new RegExp(`${says.source}\\. \\(${option}\\)`)),
  })),
  {
    title: 'the same store twice',
    words: creation({ stores: ['--primary-store', 'a/store', '--recovery-store', 'a/../a/store/'] }),
    expected: store(/Both sites were given the same store/, /a store of its own/),
  },
  {
    title: 'the same store twice through a link',
    words: creation({ stores: ['--primary-store', 'a/store', '--recovery-store', 'b/link/store'] }),
    expected: store(/Both sites were given the same store/),
    prepare: (desk) => symlinkSync(desk.path('a'), desk.path('b/link')),
  },
  {
    title: 'a store that is a file',
    words: creation({ stores: ['--primary-store', 'a/store', '--recovery-store', 'b/small.img'] }),
    expected: store(/The store .*b\/small\.img is no directory/, /^Give a directory/),
  },
  {
    title: 'a store in a folder that is not there',
    words: creation({ stores: ['--primary-store', 'a/no/store', '--recovery-store', 'b/store'] }),
    expected: store(/a\/no\/store cannot be made: the directory \/.*\/a\/no is not there/, /mounted\.$/),
  },
  {
    title: 'a store where the kernel has none',
    words: creation({ stores: ['--primary-store', 'a/store', '--recovery-store', '/proc/store'] }),
    expected: store(/The directory \/proc\/store cannot be made: it is not there/),
  },
  {
    title: 'a store that holds such a group already',
    words: creation(),
    expected: store(/holds a folder for a group named erp already/, /another name or store, or bring that group back/),
    prepare: (desk) => void mkdirSync(desk.path('b/store/erp'), { recursive: true }),
  },
];

describe('group create refuses', () => {
  test.for(wrongGroups)('$title', async ({ words, expected, prepare }, context) => {
    const desk = new Desk(context);
    prepare?.(desk);
    await desk.refuses(words, expected);
    await desk.must('group', 'list');
    const { stdout } = await sitepairHere(['group', 'list', '--json', '--home', desk.path('home')], desk.scratch.dir);
    expect(JSON.parse(stdout)).toEqual({ groups: [] });
  });

  test('a volume of another group, by its path, through a hard link, and where it lies in a loop device', async (context) => {
    const desk = new Desk(context);
    await desk.must(...creation());
    const others = ['--primary-store', 'a/other', '--recovery-store', 'b/other'];
    const taking = (source: string, target: string): string[] =>
      creation({ name: 'mail', stores: others, pair: ['--pair', `${source}::${target}`] });
    await desk.refuses(taking('a/one.img', 'b/new.img'), overlap(/a\/one\.img is used twice \(the group erp\)/));
    await desk.refuses(taking('a/two.img', 'b/one.img'), overlap(/b\/one\.img is used twice \(the group erp\)/));
    linkSync(desk.path('a/one.img'), desk.path('a/linked.img'));
    const linked = overlap(/a\/linked\.img and .*a\/one\.img \(the group erp\) are the same volume or share bytes/);
    await desk.refuses(taking('a/linked.img', 'b/new.img'), linked);
    await desk.refuses(creation(), usage('group-exists', /There is a group named erp already/, /another name/));
  });

  test('a loop device of a volume of another group', async (context) => {
    skipUnless(context, { root: true, loop: true, commands: ['losetup'] });
    const desk = new Desk(context);
    await desk.must(...creation({ pair: ['--pair', `${desk.scratch.sparseFile('a/disk', 1 << 20)}::b/disk`] }));
    const device = desk.scratch.loop(desk.path('a/disk'));
    const others = ['--primary-store', 'a/other', '--recovery-store', 'b/other'];
    const words = creation({ name: 'mail', stores: others, pair: ['--pair', `${device}::b/new.img`] });
    await desk.refuses(words, overlap(new RegExp(`${device} and .*a/disk \\(the group erp\\) are the same`)));
  });

  test('a store on a file system that is read-only, whichever of the two it is', async (context) => {
    skipUnless(context, { root: true, commands: ['mount'], fileSystems: ['tmpfs'] });
    const desk = new Desk(context);
    const point = desk.scratch.mount('none', 'b/mounted', '-t', 'tmpfs', '-o', 'ro');
    const says = /b\/mounted\/(store|erp) cannot be made: its file system is mounted read-only/;
    for (const place of ['b/mounted/store', 'b/mounted', point]) {
      await desk.refuses(creation({ stores: ['--primary-store', 'a/store', '--recovery-store', place] }), store(says));
      await desk.refuses(creation({ stores: ['--primary-store', place, '--recovery-store', 'a/store'] }), store(says));
    }
  });
});

describe('a store on a full file system is refused, and nothing is left of it', () => {
  const tmpfs = { root: true, commands: ['mount'], fileSystems: ['tmpfs'] } as const;
  test.for([
    { room: 'nr_inodes=2', expected: store(/b\/full\/store(\/erp)? cannot be made: no space left on device/) },
    { room: 'size=64k', expected: { exitCode: 1, code: 'no-space', says: /no space left/ } as const },
  ])('$room', async ({ room, expected }, context) => {
    skipUnless(context, tmpfs);
    const desk = new Desk(context);
    desk.scratch.mount('none', 'b/full', '-t', 'tmpfs', '-o', room);
    await desk.refuses(
      creation({ stores: ['--primary-store', 'a/store', '--recovery-store', 'b/full/store'] }),
      expected,
    );
    await desk.refuses(
      creation({ stores: ['--primary-store', 'b/full/store', '--recovery-store', 'a/store'] }),
      expected,
    );
  });
});

describe('without rights', () => {
  const unprivileged = { unprivileged: true } as const;
  const locked = (context: TestContext, desk: Desk, name: string, mode: number): void => {
    chmodSync(desk.path(name), mode);
    context.onTestFinished(() => {
      chmodSync(desk.path(name), 0o700);
    });
  };

  test('a store that may not be made is refused', async (context) => {
    const desk = new Desk(context);
    locked(context, desk, 'b', 0o500);
    const says = /The directory \/.*\/b\/store cannot be made: this user may not/;
    await desk.refusesProcess(creation({ pair: ['--pair', 'a/one.img::a/copy.img'] }), store(says), unprivileged);
    expect(readdirSync(desk.path('a')).sort()).toEqual(['one.img', 'two.img']);
  });

  test('a volume behind a closed folder is refused', async (context) => {
    const desk = new Desk(context);
    mkdirSync(desk.path('closed'));
    writeFileSync(desk.path('closed/one.img'), 'content');
    locked(context, desk, 'closed', 0o000);
    const words = creation({ pair: ['--pair', 'closed/one.img::b/one.img'] });
    const expected = { exitCode: 1, code: 'permission-denied', says: /closed\/one\.img/ } as const;
    await desk.refusesProcess(words, expected, unprivileged);
  });

  test('a catalog that may not be written is refused', async (context) => {
    const desk = new Desk(context);
    mkdirSync(desk.path('home'), { mode: 0o500 });
    const expected = { exitCode: 1, code: 'catalog-unusable', says: /catalog\.sqlite.*permission denied/ } as const;
    await desk.refusesProcess(['group', 'list'], expected, unprivileged);
  });
});

test('a home that is no place for a catalog is refused at once', async (context) => {
  const desk = new Desk(context);
  writeFileSync(desk.path('home'), '');
  const file = { exitCode: 1, code: 'catalog-unusable', says: /home\/catalog\.sqlite .*not a directory/ } as const;
  await desk.refusesProcess(['group', 'list'], file);
  const { exitCode, stderr } = await sitepair(['group', 'list', '--home', '/proc/nothing']);
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/^✖ The catalog \/proc\/nothing\/catalog\.sqlite cannot be .*: no such file or directory\./);
});
