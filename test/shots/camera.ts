/** Takes the pictures: each screen in both themes and in two sizes of window. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';

const themes = ['light', 'dark'] as const;
const sizes = [
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
] as const;

export class Camera {
  readonly #page: Page;
  readonly #folder: string;
  #taken = 0;

  /** Pictures go to a folder for each theme and size below `folder`. */
  constructor(page: Page, folder: string) {
    this.#page = page;
    this.#folder = folder;
  }

  /** Takes the screen as it is now, four times. */
  async take(name: string): Promise<void> {
    this.#taken += 1;
    const file = `${String(this.#taken).padStart(2, '0')}-${name}.png`;
    for (const size of sizes) {
      await this.#page.setViewportSize(size);
      for (const theme of themes) {
        await this.#page.emulateMedia({ colorScheme: theme });
        // A size takes a moment to be laid out, and drawn on canvases.
        await this.#page.waitForTimeout(250);
        const folder = join(this.#folder, `${theme}-${size.width}x${size.height}`);
        mkdirSync(folder, { recursive: true });
        await this.#page.screenshot({ path: join(folder, file) });
      }
    }
  }
}
