/**
 * Prints the table of faults at the end of a run of tests that was about all of its rows: row, fault, how many cases,
 * held or not, seconds. Cases of a file that is about several rows are counted with each of them.
 */
import type { Reporter, TestModule } from 'vitest/node';
import { filesOfRows } from './row-files.ts';
import { rows } from './rows.ts';

export class TableReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const about = filesOfRows();
    const ran = new Map(modules.map((module) => [module.moduleId, [...module.children.allTests()]]));
    if ([...about.keys()].some((file) => !ran.has(file))) return;
    const told = rows.map((row) => {
      const files = [...about].filter(([, numbers]) => numbers.includes(row.number)).map(([file]) => file);
      const cases = files.flatMap((file) => ran.get(file) ?? []);
      const held = cases.length > 0 && cases.every((one) => one.ok() && one.result().state === 'passed');
      const seconds = cases.reduce((sum, one) => sum + (one.diagnostic()?.duration ?? 0), 0) / 1000;
      return { ...row, cases: cases.length, held, seconds };
    });
    const width = Math.max(...rows.map(({ fault }) => fault.length));
    const line = (
      ...[row, fault, cases, held, seconds, holds]: [string, string, string, string, string, string]
    ): string =>
      `${row.padStart(3)}  ${fault.padEnd(width)}  ${cases.padStart(5)}  ${held.padEnd(4)}  ${seconds.padStart(7)}  ${holds}`;
    console.log(`\n${line('ROW', 'FAULT', 'CASES', 'HELD', 'SECONDS', 'WHAT MUST HOLD')}`);
    for (const { number, fault, cases, held, seconds, holds } of told) {
      console.log(line(String(number), fault, String(cases), held ? 'yes' : 'NO', seconds.toFixed(1), holds));
    }
    console.log(`\n${told.filter((row) => row.held).length} of ${rows.length} held.`);
  }
}
