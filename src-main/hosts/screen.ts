/** Whether this machine has a screen to open a window on. */

/** Elsewhere than on Linux there always is one. A variable that is set to nothing counts as not set. */
export function hasScreen(
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform = process.platform,
): boolean {
  if (platform !== 'linux') return true;
  return [env['DISPLAY'], env['WAYLAND_DISPLAY']].some((name) => name !== undefined && name !== '');
}
