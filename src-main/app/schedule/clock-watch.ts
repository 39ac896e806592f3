/**
 * Notices that the clock on the wall was set back: ages of points that were taken before are then too small. They are
 * not relied on; the next cycle begins at once, and its point is dated by the clock as it is now.
 */

/** A clock that is put right by little, step by step, is not one that was set back, milliseconds. */
const allowed = 5000;

export class ClockWatch {
  #last: { wall: number; running: number } | null = null;
  /** Of each group the newest point when the clock was set back. */
  readonly #distrusted = new Map<string, number>();

  /**
   * To be called at every look with the clock on the wall, and with one that never goes back (milliseconds both).
   * `newest`: when each group's newest point was taken.
   */
  look(wall: number, running: number, newest: ReadonlyMap<string, number | null>): void {
    const last = this.#last;
    this.#last = { wall, running };
    if (last === null || wall - last.wall >= running - last.running - allowed) return;
    for (const [group, at] of newest) if (at !== null) this.#distrusted.set(group, at);
  }

  /** Whether the age of this point, the group's newest, can be relied on. */
  trusts(group: string, newestAt: number | null): boolean {
    return newestAt === null || this.#distrusted.get(group) !== newestAt;
  }
}
