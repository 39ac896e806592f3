/** The table, for the terminal and for docs/BENCH.md. */
import type { MachineFacts } from './machine.ts';
import type { Row } from './line.ts';

const heads = ['Measured', 'Sitepair', 'Against', 'Its figure', 'Ratio', 'Goal', 'Reached'];

function cells(row: Row): string[] {
  const reached = row.ratio === 'not measured' ? 'not measured' : row.goal?.reached === true ? 'yes' : 'no';
  return [
    row.measured,
    row.ours,
    row.against,
    row.theirs,
    row.ratio,
    row.goal?.text ?? '',
    row.goal === null ? '' : reached,
  ];
}

/** One row as a line for the terminal. */
export function rowLine(row: Row): string {
  const [measured, ours, against, theirs, ratio, goal, reached] = cells(row);
  const peer = against === '' ? '' : ` | ${against}: ${theirs ?? ''}${ratio === theirs ? '' : ` | ${ratio ?? ''}`}`;
  return `${measured ?? ''}: ${ours ?? ''}${peer} | goal ${goal ?? ''}: ${reached ?? ''}`;
}

/** What the whole page says of how it came about. */
export interface Circumstances {
  facts: MachineFacts;
  runs: number;
  loadBefore: string;
  loadAfter: string;
}

/** The whole page, in Markdown. */
export function page(rows: readonly Row[], { facts, runs, loadBefore, loadAfter }: Circumstances): string {
  const machine: readonly [string, string][] = [
    ['processor', facts.processor],
    ['memory', facts.memory],
    ['kernel', facts.system],
    ['Node', facts.node],
    ['file system', facts.fileSystem],
    ['peers', facts.programs],
    ['date', facts.date],
    ['load average', `${loadBefore} at the start, ${loadAfter} at the end`],
  ];
  return [
    '# Speed and memory',
    '',
    'Written by `npm run bench`. Contestants run in turn (A B A B) on the same machine and the same volumes; figures are',
    `medians of ${runs} runs. Comparing is timed from the start of the threads, a sync from asking for it to its answer;`,
    'what is said of memory is the largest resident size of the whole process.',
    '',
    ...table(['On', ''], machine),
    '',
    ...table(heads, rows.map(cells)),
    '',
  ].join('\n');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (texts: readonly string[]): string => `| ${texts.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)];
}
