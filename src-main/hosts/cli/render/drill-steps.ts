/** The steps of a drill: each is one heading with direction and time, its figures, what it did, and its proof. */
import type { Proof } from '../drill/proof.ts';
import type { DrillStep } from '../drill/report.ts';
import { formatBytes, formatSeconds } from '../quantities.ts';
import { directionOf } from './direction.ts';
import type { Page } from './page.ts';
import { hang, pad, shorten } from './text.ts';

const directionCells = 17;
const secondsCells = 7;
const indent = '    ';
/** Headings reach as far as the figures below them. */
const widestLine = 77;

/** The first lines of a drill. */
export function drillHead(page: Page, directory: string): string[] {
  return [
    page.paint.strong('Sitepair drill: a whole disaster, each step proved by SHA-256 apart from the engine'),
    ...hang('', `Both sites lie in ${directory}; in earnest each has disks of its own.`, page.width),
    '',
  ];
}

/** The heading of a step that has not ended yet. */
export function stepHeading(page: Page, number: number, title: string): string[] {
  return [`${pad(String(number), 2, 'right')}  ${page.paint.strong(title)}`];
}

/** What is drawn while volumes are digested. */
export function digestingLines(page: Page, file: string, bytes: number): string[] {
  return [shorten(`${indent}digesting ${file}, ${formatBytes(bytes)} read`, page.width - 1)];
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
    ...step.facts.flatMap((fact) => hang(indent, fact, page.width)),
    ...(step.proof === null ? [] : hang(`${indent}${proofMark(page, step.proof)} `, told(step.proof), page.width)),
    ...(step.outcome === 'done' ? [] : [`${indent}${page.paint.bad(`✖ ${step.outcome}`)}`]),
    '',
  ];
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

function proofMark(page: Page, proof: Proof): string {
  return proof.holds ? page.paint.good('✔') : page.paint.bad('✖');
}

function told(proof: Proof): string {
  const holding = proof.volumes.filter((volume) => volume.holds).length;
  return `${proof.claim}: ${holding} of ${proof.volumes.length} volumes`;
}
