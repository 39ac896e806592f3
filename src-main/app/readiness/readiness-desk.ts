/**
 * Proves the readiness of groups, keeps what was proved, and says of it what still stands. Each proof has a thread of
 * its own: a volume that hangs holds it, and nothing else.
 */
import { ReadinessBook } from '../../catalog/readiness.ts';
import type { Catalog } from '../../catalog/database.ts';
import { SitepairError } from '../../contract/errors.ts';
import type { GroupView } from '../../contract/groups.ts';
import type { Configuration, Readiness, ReadinessSchedule } from '../../contract/readiness.ts';
import { createControl, Steering } from '../../engine/control.ts';
import { asReport } from '../../protection/errors.ts';
import type { OperationOrder } from '../../protection/run-context.ts';
import type { Sight } from '../../protection/tasks.ts';
import { laneCount } from '../lane-count.ts';
import { SiteThread } from '../site-thread.ts';
import { whyAgain, withReadiness } from './standing-proof.ts';

/** What says nothing of the group: who asks may ask again. */
const sayingNothing = ['busy', 'not-allowed', 'cancelled'];

interface Look {
  steering: Steering;
  thread: SiteThread;
  /** Tells whoever waits for it that it was ended. */
  stopped: PromiseWithResolvers<never>;
}

export class ReadinessDesk {
  readonly #book: ReadinessBook;
  readonly #program: string;
  readonly #open = new Set<Look>();

  /** `program`: the version of Sitepair. */
  constructor(catalog: Catalog, program: string) {
    this.#book = new ReadinessBook(catalog);
    this.#program = program;
  }

  /** How often it is proved by the clock. Throws as `Catalog.read`. */
  schedule(): ReadinessSchedule {
    return this.#book.schedule();
  }

  /** Throws as `Catalog.write`. */
  setSchedule(schedule: ReadinessSchedule): void {
    this.#book.setSchedule(schedule);
  }

  /** What is proved of a group now. Throws as `Catalog.read`. */
  of(groupId: string, configuration: Configuration): Readiness {
    const kept = this.#book.of(groupId);
    const present = { configuration, program: this.#program, schedule: this.#book.schedule(), now: Date.now() };
    // What was proved of other sides says nothing of these: neither where they lead to, nor what would block.
    const proof = kept.proof?.configuration.sides === configuration.sides ? kept.proof : null;
    return { ...kept, proof, again: whyAgain(kept, present) };
  }

  /** The view of a group as hosts are shown it. Throws as `Catalog.read`. */
  shown({ view, configuration }: Pick<Sight, 'view' | 'configuration'>): GroupView {
    return configuration === null ? view : withReadiness(view, this.of(view.id, configuration));
  }

  /**
   * Proves a group's readiness, and keeps what was found, also that it could not be. Throws `busy` and `not-allowed`,
   * which are not kept, `cancelled` where it was closed meanwhile, and as `Catalog.write`.
   */
  async prove(order: OperationOrder): Promise<void> {
    const { id, pairs } = order.registration.definition;
    const bytes = pairs.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    const steering = new Steering(createControl(laneCount(bytes), 1));
    const look: Look = { steering, thread: new SiteThread(), stopped: Promise.withResolvers() };
    this.#open.add(look);
    try {
      const proving = look.thread.ask('prove', { ...order, control: steering.shared });
      const proof = await Promise.race([proving, look.stopped.promise]);
      this.#book.keep(id, { ...proof, operator: order.operator, program: this.#program });
    } catch (thrown) {
      const error = asReport(thrown);
      if (sayingNothing.includes(error.code)) throw thrown;
      this.#book.keepFailure(id, { at: new Date().toISOString(), error });
    } finally {
      this.#end(look);
    }
  }

  /** Ends what is being looked at; who waits for it is told at once. */
  dispose(): void {
    for (const look of this.#open) {
      look.stopped.reject(stoppedError());
      this.#end(look);
    }
  }

  #end(look: Look): void {
    this.#open.delete(look);
    // A thread that was left behind must not read on, once it can.
    look.steering.cancel();
    look.thread.dispose();
  }
}

function stoppedError(): SitepairError {
  return new SitepairError({
    code: 'cancelled',
    message: 'The look at what can fail over was ended before it had found everything.',
    remedy: 'Nothing was changed. Look again.',
  });
}
