/** The page on the states is what the table says. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { statesDocument } from '../../scripts/state-diagram.ts';
import { stateTable } from '../../src-main/protection/states.ts';

test('docs/STATES.md is what scripts/state-diagram.ts makes of the table', () => {
  expect(readFileSync(join(import.meta.dirname, '../../docs/STATES.md'), 'utf8')).toBe(statesDocument());
});

test('every row of the table is in the page, and every arrow in the diagram', () => {
  const page = statesDocument();
  for (const row of stateTable) {
    expect(page).toContain(`| ${row.from.join(', ')} | ${row.event} | ${row.to} |`);
    for (const from of row.from) {
      const arrow = `  ${from} --> ${row.to}: `.replaceAll(/([a-z])-([a-z])/g, '$1_$2');
      const line = page.split('\n').find((one) => one.startsWith(arrow));
      expect(line?.slice(arrow.length).split(', ')).toContain(row.event);
    }
  }
});
