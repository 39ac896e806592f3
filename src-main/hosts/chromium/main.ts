/** The Chromium host's composition root: the application in this process, its window in the system's Chromium. */
import { createApplication } from '../../app.ts';
import { SitepairError, type ErrorReport } from '../../contract/errors.ts';
import { catalogHome } from '../catalog-home.ts';
import { catchDefects } from '../defect-net.ts';
import { chromiumProgram } from '../chromium-program.ts';
import { hardExit } from '../hard-exit.ts';
import { operatorName } from '../operator-name.ts';
import { chromiumPrinter } from '../chromium-printer.ts';
import { hasScreen } from '../screen.ts';
import { tellDesktop } from './desktop-notice.ts';
import { Stay } from './stay.ts';
import { endBrowser, openWindow } from './window.ts';

const meanwhile = 'Meanwhile everything can be done with: npm run -s sitepair -- --help';

function refuse({ message, remedy }: Pick<ErrorReport, 'message' | 'remedy'>): never {
  process.stderr.write(`✖ ${message}\n  To do: ${remedy}\n`);
  hardExit(1);
}

async function run(program: string): Promise<void> {
  // Where the caller stood, as npm changes the directory.
  const home = catalogHome(process.env, process.env['INIT_CWD'] ?? process.cwd());
  // Where nobody reads it any more, what is said goes nowhere.
  for (const output of [process.stdout, process.stderr]) output.on('error', () => undefined);
  const warn = (reason: string): void =>
    void process.stderr.write(
      `Something went wrong inside Sitepair (${reason}); runs go on. It is in ${home}/sitepair.log.\n`,
    );
  catchDefects(home, warn, process);
  const application = await createApplication({
    home,
    operator: operatorName(),
    clientName: 'chromium',
    print: chromiumPrinter(program),
    schedules: true,
  });
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  let watched = async (): Promise<boolean> => Promise.resolve(false);
  const stay = new Stay(application, say, (ending) => {
    void watched().then((yes) => {
      tellDesktop(ending, yes);
    });
  });
  const stopped = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => resolve());
  });
  try {
    const { context, page, closed } = await openWindow({
      program,
      application: stay.application,
      headless: false,
      sizePixels: { width: 1280, height: 800 },
      say,
    });
    watched = async () => page.evaluate<boolean>('document.hasFocus()').catch(() => false);
    await Promise.race([closed.then(() => stay.untilIdle()), stopped]);
    await endBrowser(context);
    await closed;
  } finally {
    await application.close();
  }
}

const program = chromiumProgram(process.env);
if (program === null) {
  refuse({
    message: 'There is no Chromium here to open a window with.',
    remedy: `Install one (Debian: apt install chromium). ${meanwhile}`,
  });
}
if (!hasScreen(process.env)) {
  refuse({
    message: 'There is no screen to open a window on: neither DISPLAY nor WAYLAND_DISPLAY is set.',
    remedy: `Start it from a graphical session. ${meanwhile}`,
  });
}
try {
  await run(program);
} catch (error) {
  if (error instanceof SitepairError) refuse(error.report);
  const [reason = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
  // What drives the browser names its own function first.
  const plain = reason.replace(/^\w+\.\w+: /, '').replace(/\.$/, '');
  refuse({ message: `${program} could not open a window: ${plain}.`, remedy: `See whether it starts. ${meanwhile}` });
}
hardExit(0);
