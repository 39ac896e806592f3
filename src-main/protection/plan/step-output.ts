/** What a step prints, kept within bounds: how it began and how it ended, and a line between that says what is gone. */
import { StringDecoder } from 'node:string_decoder';

/** Characters kept of the begin, and of the end. */
const keptOfEach = 64 << 10;

export class StepOutput {
  readonly #decoder = new StringDecoder('utf8');
  #head = '';
  #tail = '';
  #leftOut = 0;

  hear(data: Buffer): void {
    this.add(this.#decoder.write(data));
  }

  add(text: string): void {
    const room = keptOfEach - this.#head.length;
    this.#head += text.slice(0, Math.max(0, room));
    this.#tail += text.slice(Math.max(0, room));
    // Cut now and then only: a command that shouts adds little at a time.
    if (this.#tail.length > 2 * keptOfEach) this.#cut();
  }

  get text(): string {
    if (this.#tail.length > keptOfEach) this.#cut();
    const gap = this.#leftOut === 0 ? '' : `\n… ${this.#leftOut} characters were left out here …\n`;
    return `${this.#head}${gap}${this.#tail}`;
  }

  #cut(): void {
    this.#leftOut += this.#tail.length - keptOfEach;
    this.#tail = this.#tail.slice(-keptOfEach);
  }
}
