/** The conformance suite against every kind of volume that this machine can make. */
import { expect, test } from 'vitest';
import { MemoryVolumes } from '../../src-main/volumes/memory.ts';
import { volumePlatform } from '../../src-main/volumes/platform.ts';
import { type Command, skipUnless } from '../needs.ts';
import { conformance } from './conformance.ts';
import { errorOf } from './expect-error.ts';
import { Scratch } from './scratch.ts';

let made = 0;
function newName(): string {
  made += 1;
  return `volume ${made}`;
}

conformance('a sparse file', (context) => {
  const scratch = new Scratch(context);
  const platform = volumePlatform();
  return {
    platform,
    make: (size) => {
      const path = scratch.path(newName());
      platform.createFile(path, size);
      return path;
    },
    nowhere: scratch.path('nothing'),
    sizeUnit: 1,
    holeUnit: 64 * 1024,
  };
});

conformance('a file in memory (tmpfs)', (context) => {
  skipUnless(context, { root: true, fileSystems: ['tmpfs'] });
  const scratch = new Scratch(context);
  const point = scratch.mount('none', 'tmpfs', '-t', 'tmpfs');
  const platform = volumePlatform();
  return {
    platform,
    make: (size) => {
      const path = `${point}/${newName()}`;
      platform.createFile(path, size);
      return path;
    },
    nowhere: `${point}/nothing`,
    sizeUnit: 1,
    holeUnit: 64 * 1024,
  };
});

const fileSystems: [string, Command][] = [
  ['ext4', 'mkfs.ext4'],
  ['xfs', 'mkfs.xfs'],
  ['btrfs', 'mkfs.btrfs'],
];
for (const [type, command] of fileSystems) {
  conformance(`a file on ${type}`, (context) => {
    skipUnless(context, { root: true, loop: true, commands: [command, 'losetup', 'mount'], fileSystems: [type] });
    const point = new Scratch(context).fileSystem(type, 320 * 1024 * 1024);
    const platform = volumePlatform();
    return {
      platform,
      make: (size) => {
        const path = `${point}/${newName()}`;
        platform.createFile(path, size);
        return path;
      },
      nowhere: `${point}/nothing`,
      sizeUnit: 1,
      holeUnit: 64 * 1024,
    };
  });
}

conformance('a loop device', (context) => {
  skipUnless(context, { root: true, loop: true, commands: ['losetup'] });
  const scratch = new Scratch(context);
  return {
    platform: volumePlatform(),
    make: (size) => scratch.loop(scratch.sparseFile(newName(), size)),
    nowhere: scratch.path('nothing'),
    sizeUnit: 512,
    holeUnit: null,
  };
});

conformance('a partition', (context) => {
  skipUnless(context, { root: true, loop: true, commands: ['losetup', 'addpart'] });
  const scratch = new Scratch(context);
  return {
    platform: volumePlatform(),
    make: (size) => {
      const disk = scratch.loop(scratch.sparseFile(newName(), size + 3 * 4096));
      return scratch.partition(disk, 1, 4096, size);
    },
    nowhere: scratch.path('nothing'),
    sizeUnit: 512,
    holeUnit: null,
  };
});

conformance('in memory', () => {
  const platform = new MemoryVolumes();
  return {
    platform,
    make: (size) => {
      const path = newName();
      platform.createFile(path, size);
      return path;
    },
    nowhere: 'nothing',
    sizeUnit: 1,
    holeUnit: 4096,
  };
});

conformance('a device in memory', () => {
  const platform = new MemoryVolumes();
  return {
    platform,
    make: (size) => {
      const path = newName();
      platform.add(path, size, { kind: 'block-device' });
      return path;
    },
    nowhere: 'nothing',
    sizeUnit: 512,
    holeUnit: null,
  };
});

test('other systems are told apart until an adapter for them is proved', () => {
  for (const name of ['win32', 'darwin', 'freebsd'] as const) {
    expect(errorOf('volume-unsuitable', () => volumePlatform(name)).message).toContain(name);
  }
});
