/**
 * What becomes of work that goes on when the window is closed: this host cannot ask, so it goes on here until it ends.
 * The window of another start shows it meanwhile.
 */
import { OwnWork } from '../own-work.ts';
import type { Application } from '../../contract/contract.ts';
import { counted } from '../../contract/wording.ts';
import { whenStopped, workTitle, type Ending, type Work } from '../work-words.ts';

export class Stay {
  readonly #work: OwnWork;
  readonly #say: (line: string) => void;
  #idle: () => void = () => undefined;

  /** `say` gets lines for the terminal that this was started from; `tell` each end, for whoever looks elsewhere. */
  constructor(application: Application, say: (line: string) => void, tell: (ending: Ending) => void) {
    this.#say = say;
    this.#work = new OwnWork(
      application,
      () => {
        if (this.#going().length === 0) this.#idle();
      },
      (ending) => {
        this.#say(`${ending.good ? '✔' : '✖'} ${ending.title}. ${ending.body}`);
        tell(ending);
      },
    );
  }

  /** The application that the page is to be given: what it starts is known here. */
  get application(): Application {
    return this.#work.application;
  }

  /** Cycles by the clock are not stayed for: they are gone on with at the next start. */
  #going(): Work[] {
    return this.#work.going.filter(({ kind }) => kind !== 'cycle');
  }

  /** Resolves when nothing goes on any more, saying first what does, and which cycles stop then. */
  async untilIdle(): Promise<void> {
    const groups = await this.#work.groupsByTheClock();
    if (groups > 0) {
      this.#say(
        `No cycle of ${counted(groups, 'group')} begins by the clock while Sitepair is closed, unless its service runs: sitepair service`,
      );
    }
    const going = this.#going();
    if (going.length === 0) return;
    const idle = new Promise<void>((resolve) => {
      this.#idle = resolve;
    });
    for (const work of going) {
      this.#say(`${workTitle(work)} goes on, though the window is closed. Ctrl-C stops it. ${whenStopped(work)}`);
    }
    await idle;
  }
}
