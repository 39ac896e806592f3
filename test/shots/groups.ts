/** Groups in states that a walk through one lifecycle does not show at once. All names and volumes are made up. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Application } from '../../src-main/contract/contract.ts';
import type { OperationRequest, OperationResult } from '../../src-main/contract/runs.ts';
import { makeSparseVolume, overwrite } from '../bench/volumes.ts';

const mebibyte = 1 << 20;
/** The two sites, and a folder that belongs to neither. */
const places = ['hall-a', 'hall-b', 'aside'] as const;
type Place = (typeof places)[number];

export class SampleGroups {
  readonly #application: Application;
  readonly #folder: string;

  constructor(application: Application, folder: string) {
    this.#application = application;
    this.#folder = folder;
    for (const place of places) mkdirSync(join(folder, place), { recursive: true });
  }

  /** The path of a file, or of the place itself. */
  path(place: Place, file = ''): string {
    return join(this.#folder, place, file);
  }

  /** Makes a sparse volume at Hall A with data in it. */
  volume(file: string, sizeBytes: number): string {
    const path = this.path('hall-a', file);
    makeSparseVolume(path, sizeBytes, sizeBytes / 4);
    return path;
  }

  async make(name: string, sizesBytes: readonly number[]): Promise<void> {
    const files = sizesBytes.map((_, n) => `${name}-${n + 1}.img`);
    await this.#application.invoke('groups.create', {
      name,
      primarySite: 'Hall A',
      recoverySite: 'Hall B',
      pairs: files.map((file, n) => ({
        source: this.volume(file, sizesBytes[n] ?? mebibyte),
        target: this.path('hall-b', file),
      })),
      primaryStore: this.path('hall-a', 'store'),
      recoveryStore: this.path('hall-b', 'store'),
      policy: {},
    });
  }

  /** Makes a group and seeds it, where it is not there from an earlier leg. */
  async protected(name: string, sizesBytes: readonly number[]): Promise<void> {
    const { groups } = await this.#application.invoke('groups.list', {});
    if (groups.some((group) => group.name === name)) return;
    await this.make(name, sizesBytes);
    await this.run('protect', name);
  }

  /** Runs an operation to its end, with its name typed and every check accepted that may be. */
  async run(operation: OperationRequest['operation'], group: string): Promise<OperationResult> {
    const { runId } = await this.begin(operation, group);
    return this.#application.invoke('operations.result', { runId });
  }

  /** Begins an operation so, and does not wait for its end. */
  begin(operation: OperationRequest['operation'], group: string): Promise<{ runId: string }> {
    const accept = ['production-stopped', 'stores-apart', 'replica-intact', 'unprotected-volumes'];
    return this.#application.invoke('operations.start', { operation, group, confirm: group, accept });
  }

  /** Syncs with some changes each time, so that there are as many points more. */
  async cycles(name: string, count: number): Promise<void> {
    for (let cycle = 1; cycle <= count; cycle += 1) {
      this.change(`${name}-1.img`, 3 * cycle);
      await this.run('sync', name);
    }
  }

  /** Gives a group a recovery plan. */
  async plan(name: string, text: string): Promise<void> {
    await this.#application.invoke('plans.set', { name, text });
  }

  /** Somebody writes at a site: `count` pieces of 64 KiB, from this MiB on. */
  change(file: string, count: number, hall: Place = 'hall-a', from = 0): void {
    const offsets = Array.from({ length: count }, (_, n) => (from + n) * mebibyte);
    overwrite(this.path(hall, file), offsets, 65_536);
  }

  /** A cycle that is cancelled in the middle, by a limit that keeps it from its end. */
  async interrupt(group: string, file: string): Promise<void> {
    this.change(file, 16);
    await this.limit(group, mebibyte);
    const { runId } = await this.#application.invoke('operations.start', { operation: 'sync', group });
    await new Promise((resolve) => {
      setTimeout(resolve, 1500);
    });
    await this.#application.invoke('runs.cancel', { id: runId });
    await this.#application.invoke('operations.result', { runId });
    await this.limit(group, null);
  }

  /** Says that a step of the plan for which a group's run waits is done. */
  async answer(group: string, step: string): Promise<void> {
    const id = await this.newestRun(group);
    await this.#application.invoke('runs.answer', { id, step, answer: 'done', note: '' });
  }

  /** The id of the newest run of a group. */
  async newestRun(group: string): Promise<string> {
    const { runs } = await this.#application.invoke('runs.list', { group, limit: 1 });
    const [run] = runs;
    if (run === undefined) throw new Error(`the group ${group} has no run`);
    return run.id;
  }

  /** Takes a group out of the catalog; its stores keep it. */
  async forget(name: string): Promise<void> {
    await this.#application.invoke('groups.remove', { name, confirm: name, purge: false });
  }

  /** Lets go of the limit of what runs on a group. */
  async unlimit(group: string): Promise<void> {
    const { runs } = await this.#application.invoke('runs.list', { group, limit: 1 });
    for (const { id } of runs.filter(({ outcome }) => outcome === null)) {
      // It may come to its end at this very moment, and then has none.
      await this.#application.invoke('runs.limit', { id, bytesPerSecond: null }).catch(() => undefined);
    }
  }

  /** Bytes a second, or null for no limit. */
  async limit(group: string, limitBytesPerSecond: number | null): Promise<void> {
    await this.#application.invoke('groups.set', { name: group, policy: { limitBytesPerSecond }, paths: [] });
  }
}
