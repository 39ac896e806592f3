import { expect, test } from 'vitest';
import { hasScreen } from '../../src-main/hosts/screen.ts';

test.for<[Record<string, string>, boolean]>([
  [{ DISPLAY: ':0' }, true],
  [{ WAYLAND_DISPLAY: 'wayland-0' }, true],
  [{ DISPLAY: '', WAYLAND_DISPLAY: 'wayland-0' }, true],
  [{ DISPLAY: ':0', WAYLAND_DISPLAY: '' }, true],
  [{ DISPLAY: '', WAYLAND_DISPLAY: '' }, false],
  [{}, false],
])('on Linux, %j: %s', ([env, there]) => {
  expect(hasScreen(env, 'linux')).toBe(there);
});

test('elsewhere no variable says so', () => {
  expect(hasScreen({}, 'darwin')).toBe(true);
});
