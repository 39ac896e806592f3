/**
 * Which disks the runs of a plan's groups write to, so that two do not write to one at once. The volumes at the site
 * that is written are asked, all at once, and nothing else: in a disaster stores and volumes of the other site hang.
 */
import type { JoinedRun } from '../../contract/failover-plans.ts';
import type { SiteLetter } from '../../contract/phases.ts';
import { asReport } from '../../protection/errors.ts';
import { otherSite } from '../../protection/states.ts';
import type { GroupBook } from '../group-book.ts';
import type { LogFile } from '../log-file.ts';
import { SiteThread } from '../site-thread.ts';
import { onLanes } from './group-sight.ts';
import { roleIn } from './next-step.ts';
import { sitesOf } from './sites-ahead.ts';

interface Places {
  book: Pick<GroupBook, 'registration' | 'show'>;
  log: LogFile;
}

/**
 * The names of the disks by group, of the groups of one priority. Those whose volumes do not answer, which is known
 * after 8 s at most, are left out: their own checks say what is wrong with them.
 */
export async function disksWritten(run: JoinedRun, priority: number, places: Places): Promise<Map<string, string[]>> {
  // A commit writes no volumes.
  if (run.operation === 'commit') return new Map();
  const turns = run.turns.filter((turn) => turn.priority === priority);
  const thread = new SiteThread();
  try {
    const volumes = await onLanes(turns, async ({ group }, lane) => ({
      group,
      paths: await pathsWritten(run, group, places.book, lane),
    }));
    return new Map(Object.entries(await thread.ask('disks', { volumes })));
  } catch (error) {
    places.log.write('error', 'The disks of a plan could not be read', { run: run.id, error: asReport(error) });
    return new Map();
  } finally {
    thread.dispose();
  }
}

async function pathsWritten(run: JoinedRun, group: string, book: Places['book'], lane: SiteThread): Promise<string[]> {
  try {
    const { definition } = book.registration(group);
    const { primary, recovery } = sitesOf(definition);
    const role = roleIn({ primarySite: primary, recoverySite: recovery }, run);
    // Only the stores know which side a reprotect writes.
    const known = role === null && run.operation === 'reprotect' ? (await book.show(group, lane)).replicaSite : role;
    if (known === null) return [];
    const letter: SiteLetter = known === 'primary' ? definition.primarySite : otherSite(definition.primarySite);
    return definition.pairs.map(({ paths }) => paths[letter]);
  } catch {
    // It was removed, or does not answer: its turn says so.
    return [];
  }
}
