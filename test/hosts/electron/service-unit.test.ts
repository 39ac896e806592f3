/**
 * The unit in the Debian package that runs `sitepair service`: where it lies, what it starts, and what systemd says.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Packager } from 'electron-builder';
import { expect, test } from 'vitest';
import { skipUnless } from '../../needs.ts';
import { run, Scratch } from '../../volumes/scratch.ts';

const root = join(import.meta.dirname, '../../..');
const unit = readFileSync(join(root, 'packaging/sitepair@.service'), 'utf8');
const start = /^ExecStart=(\S+) (.*)$/m.exec(unit) ?? [];

test('the package puts it where systemd looks, and it starts the command of the package', async () => {
  const packager = new Packager({ projectDir: root, targets: new Map() });
  await packager.validateConfig();
  const places = new Map(
    packager.config.deb?.fpm?.map((line): [string, string] => {
      const [file = '', place = ''] = line.split('=');
      return [place, file];
    }),
  );
  expect(places.get('/usr/lib/systemd/system/sitepair@.service')).toBe('packaging/sitepair@.service');
  expect(places.get(start[1] ?? '')).toBe('packaging/sitepair');
  expect(start[2]).toBe('service');
});

test('nothing in it takes block devices away', () => {
  // Each of these closes all devices but its own (systemd.exec(5)).
  expect(unit).not.toMatch(/^(PrivateDevices|ProtectClock|DevicePolicy|DeviceAllow)=/m);
  expect(unit).toMatch(/^SupplementaryGroups=disk$/m);
});

test('systemd takes it', (context) => {
  skipUnless(context, { commands: ['systemd-analyze'] });
  const scratch = new Scratch(context);
  const file = scratch.path('sitepair@root.service');
  // The command is looked for, and is installed with the package only.
  writeFileSync(file, unit.replace(start[1] ?? '', '/bin/true'));
  expect(() => run('systemd-analyze', 'verify', file)).not.toThrow();
  writeFileSync(file, unit.replace('Type=exec', 'Type=often'));
  expect(run('sh', '-c', `systemd-analyze verify '${file}' 2>&1; true`)).toContain('often');
});
