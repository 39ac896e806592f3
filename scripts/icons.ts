/**
 * Draws the program's icons from the mark of the window, in every size that systems ask for, with the Chromium of this
 * machine. Run it after a change of the mark: scripts/node24 scripts/icons.ts
 */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const root = join(import.meta.dirname, '..');
/** electron-builder makes the icons of Windows and macOS of the largest. */
const largest = 1024;
const sizes = [16, 24, 32, 48, 64, 128, 256, 512];

const mark = readFileSync(join(root, 'src-renderer/public/mark.svg'), 'utf8').replace(/^<svg[^>]*>|<\/svg>\s*$/g, '');

/** The mark on a dark tile, as pictures of programs are: what is around the tile is see-through. */
const tile = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" style="display:block;width:100vw;height:100vh">
  <rect x="1" y="1" width="22" height="22" rx="5" fill="#151c22"/>
  <g transform="translate(4.2 4.2) scale(.65)">${mark}</g>
</svg>`;

mkdirSync(join(root, 'assets/icons'), { recursive: true });
const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
});
for (const size of [largest, ...sizes]) {
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  await page.setContent(`<!doctype html><style>body { margin: 0 }</style>${tile}`);
  const file = size === largest ? 'assets/icon.png' : `assets/icons/${size}x${size}.png`;
  await page.screenshot({ path: join(root, file), omitBackground: true });
  await page.close();
}
await browser.close();
