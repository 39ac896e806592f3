/** The steps of a drill: each is one heading with direction and time, its figures, what it did, and its proof. */
import type { DrillMoment, DrillStep, Proof } from '../../../contract/drill.ts';
import { formatBytes, formatSeconds } from '../../../contract/figures.ts';
import { directionOf } from './direction.ts';
import { mark, type Page } from './page.ts';
import { progressLines } from './progress.ts';
import { hang, pad, shorten } from './text.ts';

const directionCells = 17;
const secondsCells = 7;
const indent = '    ';
/** Headings reach as far as the figures below them. */
const widestLine = 77;

/** The first lines of a drill. */
export function drillHead(page: Page, directory: string): string[] {
  return [
    page.paint.strong('Sitepair drill: each step is proved by SHA-256, independently of the engine'),
    ...hang('', `It takes place in ${directory}`, page),
    '',
  ];
}

/** A step that has not ended yet: its heading, and below it what it is doing or how far its run is. */
export function momentLines(page: Page, { number, title, doing, progress }: DrillMoment): string[] {
  const width = page.width - indent.length;
  return [
    `${pad(String(number), 2, 'right')}  ${page.paint.strong(title)}`,
    ...(doing === null ? [] : [indent + shorten(doing, width - 1)]),
    ...(progress === null ? [] : progressLines({ ...page, width }, progress).map((line) => indent + line)),
  ];
}

/** A step that has ended, with an empty line after it. */
export function stepLines(page: Page, step: DrillStep): string[] {
  const titleCells = Math.max(20, Math.min(widestLine, page.width) - 4 - directionCells - secondsCells - 4);
  const heading = [
    `${pad(String(step.number), 2, 'right')}  ${page.paint.strong(pad(step.title, titleCells, 'left'))}`,
    pad(step.group === null ? '' : directionOf(page, step.group), directionCells, 'left'),
    pad(formatSeconds(step.seconds), secondsCells, 'right'),
  ].join('  ');
  return [
    heading,
    ...figureLine(step),
    ...step.facts.flatMap((fact) => hang(indent, fact, page)),
    ...(step.proof === null ? [] : proofLines(page, step.proof)),
    ...endLines(page, step),
    '',
  ];
}

function endLines(page: Page, { outcome, proof }: DrillStep): string[] {
  if (outcome === 'cancelled') return [indent + mark(page, 'warn', 'stopped')];
  return outcome === 'failed' && proof === null ? [indent + mark(page, 'bad', 'failed')] : [];
}

function figureLine({ figures }: DrillStep): string[] {
  if (figures === null) return [];
  if (Object.values(figures).every((bytes) => bytes === 0)) return [`${indent}nothing compared, nothing written`];
  const columns: [string, number][] = [
    ['compared', figures.bytesCompared],
    ['differing', figures.bytesDiffering],
    ['written', figures.bytesWritten],
    ['skipped', figures.bytesSkipped],
  ];
  return [indent + columns.map(([name, bytes]) => `${name} ${pad(formatBytes(bytes), 8, 'right')}`).join('  ')];
}

function proofLines(page: Page, { claim, volumes, checked }: Proof): string[] {
  const holding = volumes.filter((volume) => volume.holds).length;
  const digests = `${claim}: ${holding} of ${volumes.length} volumes`;
  const checks = checked.map(({ volume, holds }): [boolean, string] => [
    holds,
    holds ? `the file system in ${volume} is clean (e2fsck)` : `the file system in ${volume} has errors (e2fsck)`,
  ]);
  const lines: [boolean, string][] = [[holding === volumes.length, digests], ...checks];
  return lines.flatMap(([holds, text]) => {
    const sign = holds ? page.paint.good('✔') : page.paint.bad('✖');
    return hang(`${indent}${sign} `, text, page);
  });
}
