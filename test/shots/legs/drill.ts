/** The drill: as it is offered, at work, through; and stopped and failed. */
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Leg, Stage } from '../stage.ts';

const steps = ['Seed', 'Unplanned failover', 'Reprotect'].map((title) => ({
  title,
  picture: `drill-${title.toLowerCase().replaceAll(' ', '-')}`,
}));

async function reaches(stage: Stage, title: string): Promise<void> {
  await stage.page.getByRole('heading', { name: `: ${title}` }).waitFor({ timeout: 120_000 });
}

/** Takes away what the drill that runs works on. */
async function breakIt({ application }: Stage): Promise<void> {
  const { drill } = await application.invoke('drill.state', {});
  const folder = drill?.report.directory ?? '';
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (name.endsWith('.img')) rmSync(join(folder, name));
  }
}

export const drill: Leg = {
  name: 'drill',
  pictures: [
    'page-drill',
    ...steps.map(({ picture }) => picture),
    'drill-summary',
    'drill-steps',
    'drill-cancelled',
    'drill-failed',
  ],
  walk: async (stage) => {
    await stage.go('drill', 'What will happen');
    await stage.take('page-drill');
    await stage.press('Start the drill');
    for (const { title, picture } of steps) {
      await reaches(stage, title);
      await stage.take(picture);
    }
    await stage.headed(/^The drill succeeded/);
    await stage.take('drill-summary');
    await stage.page.getByText('Digests').first().click();
    await stage.page.getByText('Step by step').scrollIntoViewIfNeeded();
    await stage.take('drill-steps');
    await stage.press('Play it again');
    await reaches(stage, 'Unplanned failover');
    await stage.press('Cancel');
    await stage.headed(/^The drill was stopped/);
    await stage.take('drill-cancelled');
    await stage.press('Play it again');
    await reaches(stage, 'Seed');
    await breakIt(stage);
    await stage.headed(/^The drill failed/);
    await stage.take('drill-failed');
  },
};
