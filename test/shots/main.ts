/**
 * `npm run shots`: pictures of every screen and wizard step, light and dark, in two sizes of window, written to
 * dist/shots for a person to look at. Volumes, stores and catalog are made for it and removed again.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApplication } from '../../src-main/app.ts';
import { openWindow } from '../../src-main/hosts/chromium/window.ts';
import { Camera } from './camera.ts';
import { SampleGroups } from './groups.ts';
import { Walk } from './walk.ts';

const out = join(import.meta.dirname, '../../dist/shots');
const folder = mkdtempSync(join(tmpdir(), 'sitepair-shots-'));
const application = await createApplication({ home: join(folder, 'home'), operator: 'mira', clientName: 'chromium' });
rmSync(out, { recursive: true, force: true });
const { context, page, closed } = await openWindow({
  program: process.env['SITEPAIR_CHROMIUM'] ?? '/usr/bin/chromium',
  application,
  headless: true,
  sizePixels: { width: 1280, height: 800 },
});
try {
  const walk = new Walk(page, new Camera(page, out), new SampleGroups(application, folder));
  await walk.all();
  process.stdout.write(`The pictures are in ${out}\n`);
} finally {
  await context.close();
  await closed;
  await application.close();
  rmSync(folder, { recursive: true, force: true });
}
