/** The desktop program on doubles of Electron and of the application, with runs that end when a test says so. */
import { writeFileSync } from 'node:fs';
import type { TestContext } from 'vitest';
import type { PlayedDrill } from '../../../src-main/contract/drill.ts';
import type { OperationResult, Outcome } from '../../../src-main/contract/runs.ts';
import type { VerifyTurn } from '../../../src-main/contract/verify-queue.ts';
import { channels } from '../../../src-main/hosts/electron/channels.ts';
import { startDesktop, type DesktopOptions } from '../../../src-main/hosts/electron/desktop.ts';
import type { Caller } from '../../../src-main/hosts/electron/ports.ts';
import { Scratch } from '../../volumes/scratch.ts';
import { ApplicationDouble } from '../cli/application-double.ts';
import { sampleResult, sampleRun } from '../cli/sample-reports.ts';
import { ElectronDouble } from './electron-double.ts';

type Frame = NonNullable<Caller['senderFrame']>;

export class DesktopStage {
  readonly electron = new ElectronDouble();
  readonly application = new ApplicationDouble();
  readonly scratch: Scratch;
  readonly home: string;
  readonly #changes: Partial<DesktopOptions>;
  #signal: () => void = () => undefined;
  #endRun: (result: OperationResult) => void = () => undefined;

  constructor(context: TestContext, changes: Partial<DesktopOptions> = {}) {
    this.scratch = new Scratch(context);
    this.home = this.scratch.dir;
    this.#changes = changes;
    writeFileSync(this.scratch.path('index.html'), '<!doctype html><title>Sitepair</title>');
    this.application
      .answer('operations.start', () => ({ runId: 'run-1' }))
      .answer(
        'operations.result',
        () =>
          new Promise((resolve) => {
            this.#endRun = resolve;
          }),
      );
  }

  async start(): Promise<this> {
    await startDesktop(this.electron, {
      open: () => Promise.resolve(this.application),
      home: this.home,
      pages: this.scratch.dir,
      preload: '/preload.cjs',
      icon: '/icon.png',
      trayIcon: '/tray.png',
      isRoot: false,
      isMac: false,
      onSignal: (listener) => (this.#signal = listener),
      ...this.#changes,
    });
    return this;
  }

  /** A call from the window's own page, or from whichever frame is given. */
  async call(name: string, input: unknown, frame: Partial<Frame> = {}): Promise<unknown> {
    const senderFrame = { url: 'app://sitepair/#/overview', parent: null, ...frame };
    const caller = { sender: this.electron.window.webContents, senderFrame };
    return this.electron.ipc.handlers.get(channels.call)?.(caller, name, input);
  }

  async startRun(): Promise<void> {
    await this.call('operations.start', { operation: 'planned-failover', group: 'erp' });
  }

  async endRun(run: Partial<OperationResult['run']> = {}): Promise<void> {
    this.#endRun(
      sampleResult({ run: sampleRun({ id: 'run-1', operation: 'planned-failover', groupName: 'erp', ...run }) }),
    );
    await settled();
  }

  /** The program's drill goes on, or has ended in this way. */
  drill(verdict?: PlayedDrill['report']['verdict']): void {
    this.application.push('drill.changed', {
      id: 'drill-1',
      state: verdict === undefined ? 'running' : 'ended',
      report: {
        verdict: verdict ?? 'succeeded',
        directory: '/tmp/sitepair-drill-1',
        kept: false,
        home: '/tmp/sitepair-drill-1/home',
        volumeBytes: 64 << 20,
        volumes: [],
        steps: [],
        seconds: 60,
        findings: [],
        leftOut: [],
        audit: null,
      },
      now: null,
    });
  }

  /** Groups that are verified in turn, each as it stands. */
  verifies(turns: Readonly<Record<string, 'waiting' | 'running' | 'left-out' | Outcome>>): void {
    const stands = Object.entries(turns).map(([group, stand]): VerifyTurn => {
      const turn = { group, runId: null, outcome: null, mismatches: 0 };
      if (stand === 'waiting' || stand === 'running' || stand === 'left-out') return { ...turn, state: stand };
      return { ...turn, state: 'ended', outcome: stand, mismatches: stand === 'failed' ? 1 : 0 };
    });
    const going = stands.some(({ state }) => state === 'waiting' || state === 'running');
    this.application.push('verify.changed', { state: going ? 'running' : 'ended', turns: stands });
  }

  /** The operator closes the window, and presses this button where something is asked. */
  async close(press = ''): Promise<void> {
    this.electron.dialog.press = press;
    this.electron.window.emit('close', { preventDefault: () => undefined });
    await settled();
  }

  async signal(): Promise<void> {
    this.#signal();
    await settled();
  }
}

/** Lets everything that is ready to happen happen. */
export async function settled(): Promise<void> {
  await new Promise((resolve) => {
    setImmediate(resolve);
  });
}
