/** A large sparse volume against a small full one that holds as much: both should cost the same. */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { formatBytes } from '../../../src-main/contract/figures.ts';
import { groupCreation, sitepair } from '../command-line.ts';
import { contest, median } from '../contest.ts';
import type { Line, Row } from '../line.ts';
import { costRow } from '../ratios.ts';
import { diskBytes, flush, makeSparseVolume, overwrite } from '../volumes.ts';

const largeBytes = 2 ** 40;
const mostData = 2 ** 30;
const pieceBytes = 1 << 20;
/** "About the same": what a walk over many small pieces may cost more. */
const atMost = 1.5;

/** One of the two volumes, and what was seen of it. */
class Subject {
  readonly #dir: string;
  readonly #sizeBytes: number;
  readonly #dataBytes: number;
  readonly #source: string;
  readonly seedPeaks: number[] = [];
  readonly cyclePeaks: number[] = [];
  readonly stores: number[] = [];

  constructor(dir: string, sizeBytes: number, dataBytes: number) {
    this.#dir = dir;
    this.#sizeBytes = sizeBytes;
    this.#dataBytes = dataBytes;
    this.#source = join(dir, 'source.img');
    mkdirSync(dir);
    makeSparseVolume(this.#source, sizeBytes, dataBytes);
    flush(this.#source);
  }

  get #home(): string {
    return join(this.#dir, 'home');
  }

  /** Seeds a new replica, and gives the seconds of that. */
  async seed(): Promise<number> {
    for (const made of ['home', 'store-a', 'store-b', 'target.img']) {
      rmSync(join(this.#dir, made), { recursive: true, force: true });
    }
    await sitepair(this.#home, ...groupCreation('bench', this.#dir, this.#source, join(this.#dir, 'target.img')));
    const { seconds, peakBytes } = await sitepair(this.#home, 'protect', 'bench');
    this.seedPeaks.push(peakBytes);
    return seconds;
  }

  /** Changes every twentieth piece of the data, brings that to the replica, and gives the seconds of the latter. */
  async cycle(): Promise<number> {
    const pieces = Math.floor(this.#dataBytes / pieceBytes);
    const chosen = Array.from({ length: Math.ceil(pieces / 20) }, (_, n) => n * 20);
    const offsets = chosen.map((n) => Math.floor((n * this.#sizeBytes) / pieces / pieceBytes) * pieceBytes);
    overwrite(this.#source, offsets, pieceBytes);
    const { seconds, peakBytes } = await sitepair(this.#home, 'sync', 'bench');
    this.cyclePeaks.push(peakBytes);
    this.stores.push(diskBytes(join(this.#dir, 'store-b')));
    return seconds;
  }
}

export const sparseLine: Line = {
  name: 'sparse',
  title: 'a sparse volume of 1 TiB against a full one with the same data',
  measure: async ({ dir, sizeBytes, runs, say }): Promise<Row[]> => {
    const dataBytes = Math.min(mostData, sizeBytes);
    say(`making a volume of 1 TiB with ${formatBytes(dataBytes)} of data, and a full one`);
    const sparse = new Subject(join(dir, 'sparse'), largeBytes, dataBytes);
    const full = new Subject(join(dir, 'full'), dataBytes, dataBytes);
    const cycles: [sparse: number[], full: number[]] = [[], []];
    say(`seed and cycle in turn, ${runs} times`);
    const [seedSparse = NaN, seedFull = NaN] = await contest(
      [sparse, full].map((subject, n) => ({
        name: n === 0 ? 'sparse' : 'full',
        run: async () => {
          const seconds = await subject.seed();
          cycles[n]?.push(await subject.cycle());
          return seconds;
        },
      })),
      { runs },
    );
    const against = `a full volume of ${formatBytes(dataBytes)}`;
    const what = (operation: string): string => `${operation} of 1 TiB with ${formatBytes(dataBytes)} of data`;
    const bytes = (name: string, ours: number[], theirs: number[]): Row =>
      costRow(name, median(ours), against, median(theirs), atMost, formatBytes);
    return [
      costRow(what('seed'), seedSparse, against, seedFull, atMost),
      costRow(what('cycle on 5 %'), median(cycles[0]), against, median(cycles[1]), atMost),
      bytes(what('memory of a seed'), sparse.seedPeaks, full.seedPeaks),
      bytes(what('memory of a cycle'), sparse.cyclePeaks, full.cyclePeaks),
      bytes(what('store after both'), sparse.stores, full.stores),
    ];
  },
};
