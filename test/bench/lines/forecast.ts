/** Forecasts of real cycles: how many of their ranges hold, and how wide they are. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createApplication } from '../../../src-main/app.ts';
import { formatBytes } from '../../../src-main/contract/figures.ts';
import { heldAgainst, type ForecastFigure } from '../../../src-main/contract/forecast.ts';
import { median } from '../contest.ts';
import type { Line, Row } from '../line.ts';
import { dropFromCache, makeVolume, overwrite, scatterChanges } from '../volumes.ts';

const rounds = 12;
const wantedShare = 0.9;
const names = { copy: 'bytes to copy', undo: 'undo space', seconds: 'time' } as const;

/** Changes the volume otherwise in each round: more or less, in small pieces everywhere or in one stretch. */
function change(source: string, sizeBytes: number, round: number): void {
  const share = [0.001, 0.005, 0.02, 0.05, 0.1, 0.2][round % 6] ?? 0;
  if (round % 2 === 0) scatterChanges(source, share, 64 << 10);
  else overwrite(source, [Math.floor((sizeBytes * (round % 5)) / 10)], Math.floor((share * sizeBytes) / 4096) * 4096);
}

export const forecastLine: Line = {
  name: 'forecast',
  title: 'what is forecast of cycles, and what they come to',
  measure: async ({ dir, sizeBytes, say }): Promise<Row[]> => {
    const [source, target] = [join(dir, 'source.img'), join(dir, 'target.img')];
    const home = join(dir, 'home');
    mkdirSync(home);
    makeVolume(source, sizeBytes);
    const application = await createApplication({ home, operator: 'bench', clientName: 'bench' });
    const group = 'bench';
    const figures: ForecastFigure[] = [];
    try {
      await application.invoke('groups.create', {
        name: group,
        primarySite: 'A',
        recoverySite: 'B',
        pairs: [{ source, target }],
        primaryStore: join(dir, 'store-a'),
        recoveryStore: join(dir, 'store-b'),
        policy: { keepPoints: 2 },
      });
      const done = async (operation: 'protect' | 'sync', forecast?: string): Promise<ForecastFigure[]> => {
        const request = { operation, group, ...(forecast === undefined ? {} : { forecast }) };
        const { run } = await application.invoke(
          'operations.result',
          await application.invoke('operations.start', request),
        );
        if (run.outcome !== 'succeeded') {
          throw new Error(`${operation} ${run.outcome ?? ''}: ${run.error?.message ?? ''}`);
        }
        return heldAgainst(run);
      };
      await done('protect');
      for (let round = 0; round < rounds; round += 1) {
        change(source, sizeBytes, round);
        // Half of the cycles meet volumes that lie in memory.
        if (round % 4 > 1) await dropFromCache([source, target]);
        const { forecast } = await application.invoke('forecasts.make', { group, operation: 'sync' });
        const found = await done('sync', forecast.id);
        figures.push(...found);
        const told = found.map(({ name, forecast: { low, high }, actual, held }) => {
          const said = (value: number): string =>
            name === 'seconds' ? value.toFixed(1) : formatBytes(Math.round(value));
          return `${name} ${said(actual ?? 0)} in ${said(low)} to ${said(high)}${held ? '' : ', MISSED'}`;
        });
        say(
          `${forecast.looked} of ${forecast.chunks} chunks in ${forecast.lookSeconds.toFixed(1)} s: ${told.join('; ')}`,
        );
      }
    } finally {
      await application.close();
    }
    return (['copy', 'undo', 'seconds'] as const).map((name): Row => {
      const of = figures.filter((figure) => figure.name === name);
      const held = of.filter((figure) => figure.held).length;
      const widths = of.map(({ forecast: { low, high } }) => high / Math.max(low, 1e-3));
      return {
        measured: `forecasts of ${names[name]}, ${rounds} cycles, volume of ${formatBytes(sizeBytes)}`,
        ours: `${held} held`,
        against: '',
        theirs: '',
        ratio: `the upper end ${median(widths).toFixed(1)} times the lower in the middle`,
        goal: { text: '9 of 10', reached: held >= wantedShare * of.length },
      };
    });
  },
};
