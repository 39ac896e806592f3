/**
 * `npm run shots`: pictures of every screen and wizard step, light and dark, in two sizes of window, and whole where
 * they are longer; written to dist/shots for a person to look at. Volumes, stores and catalog are made for it and
 * removed again. Where legs of the walk are named (`npm run shots -- drill points`), only those are gone.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApplication } from '../../src-main/app.ts';
import { openWindow } from '../../src-main/hosts/chromium/window.ts';
import { Camera } from './camera.ts';
import { SampleGroups } from './groups.ts';
import { Stage } from './stage.ts';
import { StagedApplication } from './staged-application.ts';
import { legs } from './walk.ts';

const named = process.argv.slice(2);
const unknown = named.filter((name) => legs.every((leg) => leg.name !== name));
if (unknown.length > 0) {
  process.stderr.write(
    `No leg is called ${unknown.join(', ')}. They are: ${legs.map(({ name }) => name).join(', ')}.\n`,
  );
  process.exit(2);
}
const out = join(import.meta.dirname, '../../dist/shots');
const folder = mkdtempSync(join(tmpdir(), 'sitepair-shots-'));
const real = await createApplication({ home: join(folder, 'home'), operator: 'mira', clientName: 'chromium' });
const application = new StagedApplication(real);
if (named.length === 0) rmSync(out, { recursive: true, force: true });
const { context, page, closed } = await openWindow({
  program: process.env['SITEPAIR_CHROMIUM'] ?? '/usr/bin/chromium',
  application,
  headless: true,
  sizePixels: { width: 1280, height: 800 },
});
try {
  const camera = new Camera(
    page,
    out,
    legs.flatMap(({ pictures }) => pictures),
  );
  const stage = new Stage(page, camera, new SampleGroups(real, folder), application);
  for (const leg of legs) {
    if (named.length > 0 && !named.includes(leg.name)) continue;
    await leg.walk(stage);
    const missing = camera.missing(leg.pictures);
    if (missing.length > 0) throw new Error(`the leg ${leg.name} has not taken ${missing.join(', ')}`);
    process.stdout.write(`${leg.name}: ${leg.pictures.length} pictures\n`);
  }
  process.stdout.write(`The pictures are in ${out}\n`);
} finally {
  await context.close();
  await closed;
  await application.close();
  rmSync(folder, { recursive: true, force: true });
}
