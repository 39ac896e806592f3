/** Takes the pictures: each screen in both themes, in two sizes of window, and whole where it is longer. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';

const themes = ['light', 'dark'] as const;
const small = { width: 1280, height: 800 };
const sizes = [small, { width: 1920, height: 1080 }] as const;
/** By how much the page at hand is longer than its window, pixels. */
const hidden = `(() => {
  const main = document.querySelector('main');
  return main === null ? 0 : main.scrollHeight - main.clientHeight;
})()`;

export class Camera {
  readonly #page: Page;
  readonly #folder: string;
  /** Names in the order of the walk. */
  readonly #names: readonly string[];
  #taken = new Set<string>();

  /** Pictures go to a folder for each theme and size below `folder`, numbered as they stand in `names`. */
  constructor(page: Page, folder: string, names: readonly string[]) {
    this.#page = page;
    this.#folder = folder;
    this.#names = names;
  }

  /** Takes the screen as it is now. Throws where nobody has promised this picture, or it was taken already. */
  async take(name: string): Promise<void> {
    const at = this.#names.indexOf(name);
    if (at < 0) throw new Error(`no leg of the walk promises the picture ${name}`);
    if (this.#taken.has(name)) throw new Error(`the picture ${name} is taken twice`);
    this.#taken.add(name);
    const file = `${String(at + 1).padStart(3, '0')}-${name}.png`;
    for (const theme of themes) {
      await this.#page.emulateMedia({ colorScheme: theme });
      for (const size of sizes) {
        await this.#page.setViewportSize(size);
        await this.#shoot(join(`${theme}-${size.width}x${size.height}`, file));
      }
      await this.#page.setViewportSize(small);
      const more = await this.#page.evaluate<number>(hidden);
      if (more > 0) {
        await this.#page.setViewportSize({ ...small, height: small.height + more });
        await this.#shoot(join(`${theme}-whole`, file));
        await this.#page.setViewportSize(small);
      }
    }
  }

  /** Those of `names` that are not taken yet. */
  missing(names: readonly string[]): string[] {
    return names.filter((name) => !this.#taken.has(name));
  }

  async #shoot(file: string): Promise<void> {
    // A size takes a moment to be laid out, and drawn on canvases.
    await this.#page.waitForTimeout(250);
    const path = join(this.#folder, file);
    mkdirSync(join(path, '..'), { recursive: true });
    await this.#page.screenshot({ path });
  }
}
