/** The tasks of a page's main thread by the processor time that they take, as the browser traces them. */
import type { CDPSession, Page } from 'playwright-core';
import { z } from 'zod';

const taskSchema = z.object({
  name: z.literal('ThreadControllerImpl::RunTask'),
  pid: z.number(),
  tid: z.number(),
  /** Microseconds; left out where it was none. */
  tdur: z.number().default(0),
});
const threadSchema = z.object({
  name: z.literal('thread_name'),
  pid: z.number(),
  tid: z.number(),
  args: z.object({ name: z.literal('CrRendererMain') }),
});

function thread({ pid, tid }: { pid: number; tid: number }): string {
  return `${pid} ${tid}`;
}

export class PageWork {
  readonly #session: CDPSession;
  readonly #events: unknown[] = [];

  private constructor(session: CDPSession) {
    this.#session = session;
    session.on('Tracing.dataCollected', ({ value }) => this.#events.push(...value));
  }

  static async begin(page: Page): Promise<PageWork> {
    const work = new PageWork(await page.context().newCDPSession(page));
    await work.#session.send('Tracing.start', {
      transferMode: 'ReportEvents',
      traceConfig: { includedCategories: ['toplevel'] },
    });
    return work;
  }

  /** Ends the trace, and gives the processor time of each task, milliseconds. */
  async end(): Promise<number[]> {
    const complete = new Promise((resolve) => {
      this.#session.once('Tracing.tracingComplete', resolve);
    });
    await this.#session.send('Tracing.end');
    await complete;
    const threads = new Set(this.#found(threadSchema).map(thread));
    return this.#found(taskSchema).flatMap((task) => (threads.has(thread(task)) ? [task.tdur / 1000] : []));
  }

  #found<T>(schema: z.ZodType<T>): T[] {
    return this.#events.flatMap((event) => {
      const parsed = schema.safeParse(event);
      return parsed.success ? [parsed.data] : [];
    });
  }
}
