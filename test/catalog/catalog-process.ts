/**
 * A process of its own that uses a catalog, started by tests: `catalog-process.ts COMMAND DIR ...`. Each line that it
 * prints was acknowledged by the catalog before.
 */
import { writeSync } from 'node:fs';
import { z } from 'zod';
import { Audit } from '../../src-main/catalog/audit.ts';
import { openCatalog } from '../../src-main/catalog/database.ts';
import { Groups } from '../../src-main/catalog/groups.ts';
import { Runs } from '../../src-main/catalog/runs.ts';
import { sampleProgress, sampleRun } from './sample-runs.ts';

const [command, dir = '', first = '', second = ''] = process.argv.slice(2);
const catalog = openCatalog(dir);
const audit = new Audit(catalog);
const runs = new Runs(catalog);

function say(line: string | number): void {
  writeSync(1, `${line}\n`);
}

function append(action: string, detail: Record<string, unknown> = {}): number {
  const at = new Date().toISOString();
  return audit.append({ at, operator: 'ada', action, groupName: null, runId: null, detail }).sequence;
}

switch (command) {
  // append DIR LABEL COUNT: so many entries, as fast as it can.
  case 'append':
    for (let n = 0; n < Number(second); n += 1) say(append(first, { n }));
    break;
  // count-up DIR: raises the counter of the group "orders" together with an audit entry, for ever.
  case 'count-up': {
    const groups = new Groups(catalog, { definition: z.object({ counter: z.number() }), lastSeen: z.unknown() });
    const { id } = groups.get('orders');
    for (;;) {
      const row = catalog.write(() => {
        append('count');
        return groups.update(id, ({ definition }) => ({ definition: { counter: definition.counter + 1 } }));
      });
      say(row.definition.counter);
    }
  }
  // run DIR ID: starts a run, shows progress once and waits to be killed.
  case 'run':
    runs.start(sampleRun(first));
    runs.saveProgress(sampleProgress(first));
    say(process.pid);
    setInterval(() => undefined, 1000);
    break;
  // progress DIR ID COUNT: starts a run and saves so many snapshots.
  case 'progress':
    runs.start(sampleRun(first));
    for (let n = 0; n < Number(second); n += 1) {
      runs.saveProgress(sampleProgress(first, { elapsedSeconds: n }));
      say(n);
    }
    break;
  default:
    throw new Error(`no command ${command}`);
}
