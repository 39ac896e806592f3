/**
 * A window in a process of its own, with an application of its own on the catalog that is given: a test tells it what
 * to do by messages, and may kill it. Each message is answered with its number once it is done.
 */
import type { z } from 'zod';
import { createApplication } from '../../src-main/app.ts';
import { origin } from '../../src-main/hosts/chromium/window.ts';
import { openChromium } from '../support/chromium-window.ts';
import { orderSchema } from './other-window.ts';

const [home = ''] = process.argv.slice(2);
const application = await createApplication({ home, operator: 'other', clientName: 'chromium' });
const { context, page, closed } = await openChromium(application);

async function carryOut({ act, text }: z.infer<typeof orderSchema>): Promise<void> {
  if (act === 'go') await page.goto(`${origin}/${text}`);
  else if (act === 'press') await page.getByRole('button', { name: text, exact: true }).click();
  else if (act === 'acknowledge') for (const box of await page.getByRole('checkbox').all()) await box.check();
  else await page.getByText(new RegExp(text)).first().waitFor();
}

process.on('message', (message) => {
  const order = orderSchema.parse(message);
  void carryOut(order).then(() => process.send?.(order.number));
});
process.once('disconnect', () => {
  void context
    .close()
    .then(() => closed)
    .then(() => application.close())
    .then(() => process.exit(0));
});
process.send?.(0);
