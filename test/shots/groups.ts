/** Groups in states that a walk through one lifecycle does not show at once. All names and volumes are made up. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Application } from '../../src-main/contract/contract.ts';
import type { OperationRequest, OperationResult } from '../../src-main/contract/runs.ts';
import { makeSparseVolume, overwrite } from '../bench/volumes.ts';

const mebibyte = 1 << 20;

export class SampleGroups {
  readonly #application: Application;
  readonly #folder: string;

  constructor(application: Application, folder: string) {
    this.#application = application;
    this.#folder = folder;
    for (const hall of ['hall-a', 'hall-b']) mkdirSync(join(folder, hall), { recursive: true });
  }

  /** The path of a file at a site. */
  path(hall: 'hall-a' | 'hall-b', file: string): string {
    return join(this.#folder, hall, file);
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

  /** Runs an operation to its end, with its name typed and every check accepted that may be. */
  async run(operation: OperationRequest['operation'], group: string): Promise<OperationResult> {
    const accept = ['production-stopped', 'stores-apart', 'replica-intact', 'unprotected-volumes'];
    const { runId } = await this.#application.invoke('operations.start', { operation, group, confirm: group, accept });
    return this.#application.invoke('operations.result', { runId });
  }

  /** Production writes: `count` pieces of 64 KiB. */
  change(file: string, count: number): void {
    const offsets = Array.from({ length: count }, (_, n) => n * mebibyte);
    overwrite(this.path('hall-a', file), offsets, 65_536);
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

  /** Lets go of the limit of what runs on a group. */
  async unlimit(group: string): Promise<void> {
    const { runs } = await this.#application.invoke('runs.list', { group, limit: 1 });
    for (const { id } of runs) await this.#application.invoke('runs.limit', { id, bytesPerSecond: null });
  }

  /** Bytes a second, or null for no limit. */
  async limit(group: string, limitBytesPerSecond: number | null): Promise<void> {
    await this.#application.invoke('groups.set', { name: group, policy: { limitBytesPerSecond }, paths: [] });
  }
}
