/** What the catalog could not take when it happened, as on a full disk: tried again until it can be taken down. */

/** Milliseconds; while another process keeps the catalog locked, a try itself takes seconds. */
const tryEvery = 10_000;

export class Later {
  /** Each takes one thing down, or throws. */
  readonly #open = new Map<string, () => void>();
  #timer: NodeJS.Timeout | undefined;

  /** `takeDown` takes the place of what is open under the same id. */
  add(id: string, takeDown: () => void): void {
    this.#open.set(id, takeDown);
    this.#timer ??= setInterval(() => this.#try(), tryEvery).unref();
  }

  /** What is open under the id has been overtaken. */
  forget(id: string): void {
    this.#open.delete(id);
  }

  /** Tries once more, and then no more. */
  close(): void {
    this.#try();
    clearInterval(this.#timer);
  }

  #try(): void {
    for (const [id, takeDown] of this.#open) {
      try {
        takeDown();
        this.#open.delete(id);
      } catch {
        // It still cannot be; that it could not was told when it happened.
      }
    }
    if (this.#open.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
