/**
 * The program as `npm start` opens it: scripts/start in a process of its own, its window on a screen that only the test
 * has. The browser gets a second door beside the program's pipe, through which a test uses the window.
 */
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { chromium } from 'playwright-core';
import { origin } from '../../src-main/hosts/chromium/window.ts';
import { run, until, type Scratch } from '../volumes/scratch.ts';
import { TestWindow } from './test-window.ts';

const root = join(import.meta.dirname, '../..');

/** What a test of a started program needs. */
export const needsOfStart = { commands: ['chromium', 'Xvfb', 'xwininfo'] } as const;

/** A screen without a device: an X server of its own, which is killed when the test ends. */
export class Screen {
  readonly display: string;

  private constructor(display: string) {
    this.display = display;
  }

  static async open(scratch: Scratch): Promise<Screen> {
    const number = scratch.path('display');
    // The server picks a free display and writes its number once it listens.
    scratch.start('sh', '-c', `exec Xvfb -displayfd 3 -nolisten tcp -screen 0 1400x1000x24 3> '${number}'`);
    await until(() => existsSync(number) && readFileSync(number, 'utf8').endsWith('\n'));
    return new Screen(`:${readFileSync(number, 'utf8').trim()}`);
  }

  /** The titles of the program's windows that are on it. */
  titles(): string[] {
    // In the locale C it cannot say what is not ASCII. The browser has another window of its class, which is not shown.
    const tree = run('env', 'LC_ALL=C.UTF-8', 'xwininfo', '-display', this.display, '-root', '-tree');
    return [...tree.matchAll(/"([^"]+)": \("(?!chromium")[^"]*" "Sitepair"\)/g)].map(([, title = '']) => title);
  }
}

export interface StartOptions {
  screen: Screen;
  home: string;
  /** The folder whose scripts/start is run; left out: this one. */
  checkout?: string;
}

export class StartedProgram {
  /** All that it said so far. */
  said = '';
  /** Its exit code once it has ended; null where a signal ended it. */
  readonly ended: Promise<number | null>;
  readonly #child: ChildProcessByStdio<null, Readable, Readable>;
  readonly #scratch: Scratch;
  readonly #temporary: string;

  constructor(scratch: Scratch, { screen, home, checkout = root }: StartOptions) {
    this.#scratch = scratch;
    this.#temporary = scratch.path(`temporary-${readdirSync(scratch.dir).length}`);
    mkdirSync(this.#temporary);
    this.#child = spawn(join(checkout, 'scripts/start'), {
      env: {
        ...process.env,
        DISPLAY: screen.display,
        WAYLAND_DISPLAY: '',
        SITEPAIR_CHROMIUM: browserWithDoor(scratch),
        SITEPAIR_HOME: home,
        // Whoever has Electron's binary gets Chromium too, and nothing is fetched.
        ELECTRON_OVERRIDE_DIST_PATH: scratch.path('no-electron'),
        TMPDIR: this.#temporary,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
      // What it starts is of its group.
      detached: true,
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream.on('data', (text: Buffer) => (this.said += text.toString()));
    }
    this.ended = once(this.#child, 'close').then(() => this.#child.exitCode);
    scratch.later(async () => {
      // By its group, as it may have become another program by now; where it has ended, that is gone.
      if (this.isRunning()) process.kill(-(this.#child.pid ?? Number.NaN), 'SIGKILL');
      await this.ended;
    });
  }

  isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** To the process that scripts/start has become, as `kill PID` does. */
  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Its window. Never resolves where none is opened. */
  async window(): Promise<TestWindow> {
    const door = (): string => {
      const [profile = ''] = this.profiles();
      const file = join(this.#temporary, profile, 'DevToolsActivePort');
      return profile !== '' && existsSync(file) ? (readFileSync(file, 'utf8').split('\n')[0] ?? '') : '';
    };
    await until(() => door() !== '');
    const browser = await chromium.connectOverCDP(`http://127.0.0.1:${door()}`);
    // This ends the connection, and not the browser.
    this.#scratch.later(() => browser.close());
    const [context] = browser.contexts();
    const page = context?.pages()[0] ?? (await context?.waitForEvent('page'));
    if (page === undefined) throw new Error('the browser has no window');
    await page.waitForURL(`${origin}/**`);
    return new TestWindow({ page, address: `${origin}/` });
  }

  /** The browser's profiles that are there. */
  profiles(): string[] {
    return readdirSync(this.#temporary).filter((name) => name.startsWith('sitepair-window-'));
  }
}

/** The machine's browser, which can be used from outside as well. */
function browserWithDoor(scratch: Scratch): string {
  const program = scratch.path('browser');
  writeFileSync(program, '#!/bin/sh\nexec /usr/bin/chromium "$@" --remote-debugging-port=0\n');
  chmodSync(program, 0o755);
  return program;
}
