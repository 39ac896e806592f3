/**
 * Which host shows the windows of these tests: Electron, driven by Playwright, where its binary is there and may open a
 * window; else Chromium. Run by itself it says which.
 */
import { join } from 'node:path';
import { _electron, type Page } from 'playwright-core';
import { createBuilder } from 'vite';
import type { TestContext } from 'vitest';
import { createApplication } from '../../src-main/app.ts';
import { chromiumPrinter } from '../../src-main/hosts/chromium-printer.ts';
import { origin } from '../../src-main/hosts/chromium/window.ts';
import { pageAddress } from '../../src-main/hosts/electron/page-scheme.ts';
import { electronBinary } from '../../src-main/hosts/launcher/electron-binary.ts';
import { hasScreen } from '../../src-main/hosts/screen.ts';
import { chromiumPage } from '../support/chromium-window.ts';

const root = join(import.meta.dirname, '../..');

export interface ShownWindow {
  page: Page;
  /** The window's address, without what stands after the #. */
  address: string;
}

/** Electron's binary, where a window can be opened with it: root gets none, and it wants a screen. */
function electronProgram(): string | null {
  const mayOpen = process.getuid?.() !== 0 && hasScreen(process.env);
  const packageFolder = join(root, 'node_modules/electron');
  const ownFolder = process.env['ELECTRON_OVERRIDE_DIST_PATH'] ?? null;
  return mayOpen ? electronBinary({ packageFolder, ownFolder, failures: '' }) : null;
}

let built: Promise<void> | null = null;

/** Builds what Electron runs, once. */
async function build(): Promise<void> {
  const builder = await createBuilder({ configFile: join(root, 'vite.electron.config.ts'), logLevel: 'warn' });
  await builder.buildApp();
}

async function showInElectron(context: TestContext, executablePath: string, home: string): Promise<ShownWindow> {
  await (built ??= build());
  const program = await _electron.launch({
    executablePath,
    args: [root],
    env: { ...process.env, SITEPAIR_HOME: home },
  });
  context.onTestFinished(async () => {
    const closed = program.waitForEvent('close');
    // A signal asks nothing, whatever still runs.
    program.process().kill('SIGTERM');
    await closed;
  });
  return { page: await program.firstWindow(), address: pageAddress };
}

async function showInChromium(context: TestContext, home: string): Promise<ShownWindow> {
  const application = await createApplication({
    home,
    operator: 'tester',
    clientName: 'chromium',
    print: chromiumPrinter('/usr/bin/chromium'),
  });
  // After its window, which is opened later.
  context.onTestFinished(() => application.close());
  return { page: await chromiumPage(context, application), address: `${origin}/` };
}

/** Opens a window on the catalog in `home`; all is closed when the test ends. */
export function showWindow(context: TestContext, home: string): Promise<ShownWindow> {
  const program = electronProgram();
  return program === null ? showInChromium(context, home) : showInElectron(context, program, home);
}

if (import.meta.main) process.stdout.write(electronProgram() === null ? 'Chromium\n' : 'Electron\n');
