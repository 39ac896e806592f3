/** How smoothly a window and its host go on: frames and long tasks of the page, blocks of the host's main thread. */
import type { Page } from 'playwright-core';
import { z } from 'zod';

/** What takes longer than this is seen, milliseconds. */
export const smoothMilliseconds = 50;
/** How often the main thread is looked at. */
const everyMilliseconds = 5;

const talliedSchema = z.object({ all: z.number(), over: z.number(), longest: z.number() });
/** How many there were, how many of them took too long, and the longest, milliseconds. */
export type Tallied = z.infer<typeof talliedSchema>;

const pageSchema = z.object({ frames: talliedSchema, tasks: talliedSchema });

/** One place that was looked at. */
export interface Smoothness extends z.infer<typeof pageSchema> {
  /** What kept the host's main thread from its timer, be it the thread's own work or that it got no core. */
  host: Tallied;
  /** The thread's own work in between, by its processor time. */
  work: Tallied;
}

/** In the page: counts the time between frames, and the tasks that the browser itself calls long (over 50 ms). */
const probe = `(() => {
  const tally = () => ({ all: 0, over: 0, longest: 0 });
  const found = { frames: tally(), tasks: tally() };
  const add = (to, took) => {
    to.all += 1;
    if (took > ${smoothMilliseconds}) to.over += 1;
    to.longest = Math.max(to.longest, took);
  };
  let last = performance.now();
  const frame = (now) => {
    add(found.frames, now - last);
    last = now;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) add(found.tasks, entry.duration);
  }).observe({ type: 'longtask' });
  window.takeSmoothness = () => {
    const taken = { frames: { ...found.frames }, tasks: { ...found.tasks } };
    Object.assign(found.frames, tally());
    Object.assign(found.tasks, tally());
    return taken;
  };
})()`;

export class SmoothnessProbe {
  readonly #page: Page;
  readonly #timer: NodeJS.Timeout;
  #host = nothing();
  #work = nothing();
  #lastLook = performance.now();
  #lastWork = workMilliseconds();

  private constructor(page: Page) {
    this.#page = page;
    this.#timer = setInterval(() => {
      this.#look();
    }, everyMilliseconds);
  }

  /** Begins to count, in this process and in the page that is loaded. */
  static async begin(page: Page): Promise<SmoothnessProbe> {
    await page.evaluate(probe);
    return new SmoothnessProbe(page);
  }

  /** What was counted since the last time, or since the beginning. */
  async take(): Promise<Smoothness> {
    const found = pageSchema.parse(await this.#page.evaluate('window.takeSmoothness()'));
    const [host, work] = [this.#host, this.#work];
    this.#host = nothing();
    this.#work = nothing();
    return { ...found, host, work };
  }

  end(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    const [now, worked] = [performance.now(), workMilliseconds()];
    add(this.#host, now - this.#lastLook - everyMilliseconds);
    add(this.#work, worked - this.#lastWork);
    [this.#lastLook, this.#lastWork] = [now, worked];
  }
}

/** Times of tasks, milliseconds, counted as everything else is. */
export function tally(times: readonly number[]): Tallied {
  const sum = nothing();
  for (const took of times) add(sum, took);
  return sum;
}

function nothing(): Tallied {
  return { all: 0, over: 0, longest: 0 };
}

function add(to: Tallied, took: number): void {
  to.all += 1;
  if (took > smoothMilliseconds) to.over += 1;
  to.longest = Math.max(to.longest, took);
}

/** Processor time that this thread has taken so far. */
function workMilliseconds(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

/** All places together. */
export function together(found: readonly Smoothness[], part: keyof Smoothness): Tallied {
  return found.reduce(
    (sum, { [part]: one }) => ({
      all: sum.all + one.all,
      over: sum.over + one.over,
      longest: Math.max(sum.longest, one.longest),
    }),
    { all: 0, over: 0, longest: 0 },
  );
}
