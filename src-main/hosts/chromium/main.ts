/** The Chromium host's composition root: the application in this process, its window in the system's Chromium. */
import { existsSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';
import { join } from 'node:path';
import { createApplication } from '../../app.ts';
import { openWindow } from './window.ts';

const programs = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/snap/bin/chromium'];

const program = process.env['SITEPAIR_CHROMIUM'] ?? programs.find((path) => existsSync(path));
if (program === undefined) {
  process.stderr.write(
    'sitepair: there is no Electron and no Chromium here to open a window with. Install one (Debian: apt install chromium); ' +
      'meanwhile everything can be done with: npm run -s sitepair -- --help\n',
  );
  process.exit(1);
}
const home = process.env['SITEPAIR_HOME'] ?? join(homedir(), '.sitepair');
const application = await createApplication({ home, operator: userInfo().username, clientName: 'chromium' });
const { closed } = await openWindow({
  program,
  application,
  headless: false,
  sizePixels: { width: 1280, height: 800 },
});
await closed;
await application.close();
process.exit(0);
