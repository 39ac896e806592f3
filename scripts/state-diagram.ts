/**
 * Writes docs/STATES.md, the state model as a diagram and a table, from the one table in src-main/protection/states.ts.
 * Run it after a change of that table: scripts/node24 scripts/state-diagram.ts
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { phases, type Phase } from '../src-main/contract/phases.ts';
import { stateTable } from '../src-main/protection/states.ts';

type Row = (typeof stateTable)[number];

const written: Record<Row['writes'], string> = {
  after: 'the replica, in the phase that is reached',
  before: 'the replica, before the phase is left',
  never: 'nothing',
};
const production: Record<Row['active'], string> = {
  keep: 'stays where it is',
  none: 'at neither site',
  replica: 'at the site that held the replica',
  other: 'at the site that the replica was made from',
};

/** A phase's name as Mermaid takes it for an identifier. */
function identifier(phase: Phase): string {
  return phase.replaceAll('-', '_');
}

/** One arrow for all events that lead from one phase to another, in the table's order (Mermaid: stateDiagram-v2). */
function diagram(): string[] {
  const arrows = new Map<string, string[]>();
  for (const row of stateTable) {
    for (const from of row.from) {
      const arrow = `${identifier(from)} --> ${identifier(row.to)}`;
      arrows.set(arrow, [...(arrows.get(arrow) ?? []), row.event]);
    }
  }
  return [
    'stateDiagram-v2',
    ...phases.map((phase) => `  state "${phase}" as ${identifier(phase)}`),
    '  [*] --> unprotected',
    ...[...arrows].map(([arrow, events]) => `  ${arrow}: ${[...new Set(events)].join(', ')}`),
  ];
}

function tableRows(): string[] {
  return stateTable.map((row) => {
    const cells = [row.from.join(', '), row.event, row.to, written[row.writes], production[row.active]];
    return `| ${cells.join(' | ')} |`;
  });
}

/** The whole text of docs/STATES.md. */
export function statesDocument(): string {
  const lines = [
    '# States of a group',
    '',
    'Made from the table in `src-main/protection/states.ts` by `scripts/node24 scripts/state-diagram.ts`; change',
    'the table, not this page. `done` and `interrupted` are how an operation ends; `demote` is the step of a planned',
    "failover that takes production's role from the old side; `store-lost` is told by giving the group a new store;",
    '`failover-to-old-side` is a failover with the point `as-left` named while a failover is being undone.',
    'The other events are commands (`planned-failover` is `failover --planned`, and `failback` where it leads to the',
    'primary site). A rollback of a failover is possible only while the old side is not demoted, an undo in',
    '`protected` only after a reprotect.',
    '',
    '```mermaid',
    ...diagram(),
    '```',
    '',
    '| phase | event | next | written | production |',
    '| --- | --- | --- | --- | --- |',
    ...tableRows(),
  ];
  return `${lines.join('\n')}\n`;
}

if (import.meta.main) writeFileSync(join(import.meta.dirname, '../docs/STATES.md'), statesDocument());
