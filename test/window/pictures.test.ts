/** Parts that show more than words: points on their line, a volume's chunks, the rate of a run. */
import { expect, test } from 'vitest';
import type { Point } from '../../src-main/contract/groups.ts';
import { cellStates } from '../../src-main/contract/runs.ts';
import { samplePoint } from '../hosts/cli/sample-reports.ts';
import { calls, Gallery } from './gallery-window.ts';

const gallery = Gallery.ofThisFile();

/** What the dots of a line say, oldest first. */
function dots(): Promise<string[]> {
  return gallery.page.evaluate(`[...document.querySelectorAll('ol .dot')].map((dot) => dot.ariaLabel)`);
}

const pointsOfEachKind = [
  samplePoint({ id: '1.1', kind: 'before-protect', consistency: 'fuzzy' }),
  samplePoint({ id: '1.2', consistency: 'application' }),
  samplePoint({ id: '1.3', consistency: 'crash', undoBytes: 0 }),
  samplePoint({ id: '1.4', consistency: 'fuzzy' }),
  samplePoint({ id: '1.5', state: 'damaged' }),
  samplePoint({ id: '1.6', state: 'incomplete' }),
  samplePoint({ id: '1.7', state: 'ended' }),
  samplePoint({ id: '2.1', kind: 'before-reprotect' }),
  samplePoint({ id: '2.2', kind: 'before-undo' }),
  samplePoint({ id: '2.3', kind: 'before-change' }),
  samplePoint({ id: '2.4', kind: 'as-left', site: 'A' }),
  samplePoint({ id: '2.5', current: true }),
];

test('points of every kind and state are told apart by shape and word', async () => {
  await gallery.show('kit/TimeLine', { points: pointsOfEachKind });
  const said = await dots();
  expect(said.map((text) => text.replace(/^Point (\S+), .*?(in the future|ago|just now), /, '$1: '))).toEqual([
    '1.1: before the protect, 300 MiB of undo',
    '1.2: cycle, application-consistent, 300 MiB of undo',
    '1.3: cycle, crash-consistent',
    '1.4: cycle, fuzzy, 300 MiB of undo',
    '1.5: cycle, crash-consistent, damaged, 300 MiB of undo',
    '1.6: cycle, crash-consistent, incomplete, 300 MiB of undo',
    '1.7: cycle, crash-consistent, ended, 300 MiB of undo',
    '2.1: before the reprotect, 300 MiB of undo',
    '2.2: before the undo, 300 MiB of undo',
    '2.3: before the change of point, 300 MiB of undo',
    '2.4: as production left it, 300 MiB of undo',
    '2.5: cycle, crash-consistent, 300 MiB of undo, what the volumes of B hold now',
  ]);
  await gallery.expectAccessible();
});

test('each point says its id and time below it, with seconds where a minute has several, and the day where it turns', async () => {
  const day = 24 * 3_600_000;
  const noon = new Date().setHours(12, 0, 0, 0) - 2 * day;
  const at = [noon, noon + 20_000, noon + day].map((moment) => new Date(moment).toISOString());
  await gallery.show('kit/TimeLine', { points: at.map((one, n) => samplePoint({ id: `3.${n + 9}`, at: one })) });
  const said = await gallery.page.locator('.at').allInnerTexts();
  expect(said.map((text) => text.replace(/\s+/g, ' ').trim())).toEqual([
    expect.stringMatching(/^3\.9 12:00:00 \d\d-\d\d$/),
    '3.10 12:00:20',
    expect.stringMatching(/^3\.11 12:00:00 \d\d-\d\d$/),
  ]);
  await gallery.show('kit/TimeLine', { points: [samplePoint({ id: '3.9', current: true })] });
  await gallery.sees('what the volumes of that site hold now');
  // By a word too, not only by its ring; and of which site, as the other one may hold something else.
  expect(await gallery.page.locator('.at').innerText()).toMatch(/now B$/);
  const both = [
    samplePoint({ id: '1.2', site: 'A', current: true }),
    samplePoint({ id: '2.1', site: 'B', current: true }),
  ];
  await gallery.show('kit/TimeLine', { points: both });
  const marks = await gallery.page.locator('.held').allInnerTexts();
  expect(marks).toEqual(['now A', 'now B']);
});

test('of more points than there is room for the newest is in sight, or the one that is chosen', async () => {
  const many = (count: number): Point[] => Array.from({ length: count }, (_, n) => samplePoint({ id: `3.${n + 1}` }));
  const isSeen = (id: string): Promise<boolean> =>
    gallery.page.evaluate<boolean>(`(() => {
      const box = document.querySelector('.scroll').getBoundingClientRect();
      const dot = document.querySelector('[aria-label^="Point ${id},"]').getBoundingClientRect();
      return dot.left >= box.left && dot.right <= box.right;
    })()`);
  await gallery.show('kit/TimeLine', { points: many(60), choose: calls('chosen') });
  await expect.poll(() => isSeen('3.60')).toBe(true);
  expect(await isSeen('3.1')).toBe(false);
  await gallery.show('kit/TimeLine', { points: many(60), chosen: '3.20', choose: calls('chosen') });
  await expect.poll(() => isSeen('3.20')).toBe(true);
});

test('a point is chosen by pointer or key, but none that cannot be gone to', async () => {
  await gallery.show('kit/TimeLine', { points: pointsOfEachKind, chosen: '1.4', choose: calls('chosen') });
  const dot = (id: string): ReturnType<typeof gallery.page.getByRole> =>
    gallery.page.getByRole('button', { name: `Point ${id},` });
  expect(await dot('1.4').getAttribute('aria-pressed')).toBe('true');
  await dot('1.2').click();
  // The words below a dot are clicked as often as the dot.
  await gallery.page.locator('.at').first().click();
  await dot('1.5').press('Enter');
  for (const id of ['1.6', '1.7']) expect(await dot(id).isDisabled(), id).toBe(true);
  expect(await gallery.calledWith('chosen')).toEqual([['1.2'], ['1.1'], ['1.5']]);
  await gallery.expectAccessible();
});

test('the Tab key comes to one point, what is chosen or the newest, and the arrows go on from there', async () => {
  const { keyboard } = gallery.page;
  const at = (): Promise<unknown> => gallery.page.evaluate('document.activeElement.ariaLabel?.split(",")[0] ?? ""');
  await gallery.show('kit/TimeLine', { points: pointsOfEachKind, choose: calls('chosen') });
  await keyboard.press('Tab');
  expect(await at()).toBe('Point 2.5');
  for (const [key, there] of [
    ['ArrowRight', 'Point 2.5'],
    ['ArrowLeft', 'Point 2.4'],
    ['Home', 'Point 1.1'],
    ['ArrowRight', 'Point 1.2'],
  ] as const) {
    await keyboard.press(key);
    expect(await at(), key).toBe(there);
  }
  await keyboard.press('Space');
  expect(await gallery.calledWith('chosen')).toEqual([['1.2']]);
  // There is no other stop: the Tab key comes to it again.
  await keyboard.press('Tab');
  expect(await at()).toBe('Point 1.2');
  await gallery.show('kit/TimeLine', { points: pointsOfEachKind, chosen: '1.4', choose: calls('chosen') });
  await keyboard.press('Tab');
  expect(await at()).toBe('Point 1.4');
});

test('a thousand points scroll within their place', async () => {
  const points = Array.from({ length: 1000 }, (_, n) => samplePoint({ id: `1.${n}` }));
  await gallery.show('kit/TimeLine', { points, choose: calls('chosen') });
  expect(await gallery.page.getByRole('button').count()).toBe(1000);
  expect(await gallery.page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
  const last = gallery.page.getByRole('button', { name: 'Point 1.999,' });
  await last.press('Enter');
  expect(await gallery.calledWith('chosen')).toEqual([['1.999']]);
});

/** The middle of a cell on the canvas, as the browser would say that colour. */
const readCell = (n: number): string => `(() => {
  const canvas = document.querySelector('canvas');
  const scale = devicePixelRatio;
  const [r, g, b] = canvas.getContext('2d').getImageData((${n} * 11 + 6) * scale, 3 * scale, 1, 1).data;
  return 'rgb(' + r + ', ' + g + ', ' + b + ')';
})()`;

/** A colour of the window's tokens, as the browser would say it. */
const token = (name: string): string => `(() => {
  const place = document.createElement('i');
  place.style.color = 'var(${name})';
  document.body.append(place);
  const colour = getComputedStyle(place).color;
  place.remove();
  return colour;
})()`;

test('the chunk map shows each state in its colour, in both themes', async () => {
  const cells = cellStates.map((_, state) => state).join('');
  await gallery.show('kit/ChunkMap', {
    map: { cells, bytesPerCell: 262_144 },
    path: '/dev/vg0/db',
    sizeBytes: 6 * 262_144,
  });
  const tokens = ['--raised', '--background', '--cell-same', '--warn', '--accent', '--bad'];
  for (const theme of ['light', 'dark'] as const) {
    await gallery.theme(theme);
    const wanted = await Promise.all(tokens.map((name) => gallery.page.evaluate<string>(token(name))));
    await expect
      .poll(() => Promise.all(tokens.map((_, n) => gallery.page.evaluate<string>(readCell(n)))))
      .toEqual(wanted);
    expect(new Set(wanted).size, 'each state has a colour of its own').toBe(6);
  }
  expect(await gallery.page.getByRole('img').getAttribute('aria-label')).toBe(
    'Chunks: 1 to come, 1 hole, 1 same, 1 differs, 1 copied, 1 unreadable',
  );
  await gallery.sees('1.5 MiB, one cell is 256 KiB');
  await gallery.expectAccessible();
  await gallery.change({ map: { cells: '444444', bytesPerCell: 262_144 } });
  await gallery.page.getByRole('img', { name: 'Chunks: 6 copied' }).waitFor();
});

test('the rate is drawn from its samples', async () => {
  await gallery.show('kit/Rate', { samples: [] });
  const now = Date.now();
  const samples = Array.from({ length: 60 }, (_, n) => ({ at: now + n * 1000, bytesPerSecond: n * 2 ** 20 }));
  const drawn = `(() => {
    const canvas = document.querySelector('canvas');
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    let painted = 0;
    for (let n = 3; n < data.length; n += 4) if (data[n] > 0) painted += 1;
    return painted;
  })()`;
  await gallery.page.locator('canvas').waitFor();
  const before = await gallery.page.evaluate<number>(drawn);
  await gallery.change({ samples });
  await expect.poll(() => gallery.page.evaluate<number>(drawn)).toBeGreaterThan(before + 1000);
  await gallery.theme('dark');
  // Drawn anew in the other colours by then, and with all that was there.
  await gallery.page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
  expect(await gallery.page.evaluate<number>(drawn)).toBeGreaterThan(before + 1000);
});
