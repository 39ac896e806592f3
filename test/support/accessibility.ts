/** What keeps people with a screen reader, a keyboard or weak eyes out of a page, as axe finds it. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { z } from 'zod';

const axe = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8');
const foundSchema = z.object({
  violations: z.array(z.object({ id: z.string(), nodes: z.array(z.object({ html: z.string() })) })),
});

/** One line for each rule that the page breaks; `without`: rules that are not looked at. */
export async function violationsOf(page: Page, without: readonly string[] = []): Promise<string[]> {
  const rules = Object.fromEntries(without.map((id) => [id, { enabled: false }]));
  await page.evaluate(axe);
  const found = foundSchema.parse(await page.evaluate(`axe.run(${JSON.stringify({ rules })})`));
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`);
}
