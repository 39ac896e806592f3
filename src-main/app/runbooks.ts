/** Lays a group's runbook into its stores, made anew whenever what it says may have changed. */
import type { GroupView } from '../contract/groups.ts';
import type { Made } from '../evidence/made.ts';
import { runbook, type NamedPlan } from '../evidence/runbook.ts';
import { asReport } from '../protection/errors.ts';
import type { Registration } from '../protection/registration.ts';
import type { LogFile } from './log-file.ts';
import type { SiteThread } from './site-thread.ts';

interface Places {
  log: LogFile;
  made: () => Made;
  /** The failover plans that a group is in. */
  joint: (group: string) => NamedPlan[];
}

export class Runbooks {
  readonly #places: Places;

  constructor(places: Places) {
    this.#places = places;
  }

  /**
   * Into each that can be written; the page says what of the other could not be read. One that cannot be written keeps
   * its old one: nothing fails for that. Where nothing is known of the group, nothing is made anew.
   */
  async lay(registration: Registration, view: GroupView, thread: SiteThread): Promise<void> {
    const { log, made, joint } = this.#places;
    if (view.phase === 'unknown') return;
    try {
      // One that cannot be read is told where it is asked for.
      const plan = await thread.ask('show-plan', { registration }).catch(() => null);
      const page = runbook(view, made(), { plan, joint: joint(view.name) });
      await thread.ask('lay-runbook', { registration, page });
    } catch (error) {
      log.write('error', 'The runbook could not be laid into the stores', { group: view.name, error: asReport(error) });
    }
  }
}
