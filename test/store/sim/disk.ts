/**
 * The in-memory Disk: a folder whose files keep apart what was not flushed, and whose names, made and removed, wait for
 * flushNames. At a power cut a random prefix of the waiting names is kept, and growth that was not flushed is kept or
 * lost.
 */
import { SitepairError } from '../../../src-main/contract/errors.ts';
import type { Disk, DiskFile } from '../../../src-main/store/disk.ts';
import { CachedBytes, type Fate } from './cached-bytes.ts';
import type { Machine } from './machine.ts';
import type { Random } from './random.ts';

/** What a name stands for. */
class Content {
  bytes = new CachedBytes(true);
  size: number;
  durableSize = 0;

  constructor(size: number) {
    this.size = size;
  }

  cut(random: Random, fate: Fate): void {
    this.bytes.cut(random, fate);
    if (this.size > this.durableSize && !random.chance(fate.keep)) {
      const lost = this.size - this.durableSize;
      this.size = this.durableSize + (random.chance(0.5) ? 0 : random.below(lost));
      this.bytes.truncate(this.size);
    }
    this.durableSize = this.size;
  }

  clone(): Content {
    const copy = new Content(this.size);
    copy.bytes = this.bytes.clone();
    copy.durableSize = this.durableSize;
    return copy;
  }
}

function damaged(name: string, what: string): SitepairError {
  return new SitepairError({
    code: 'store-damaged',
    message: `The store file ${name} ${what}.`,
    where: name,
    remedy: 'None.',
  });
}

class SimFile implements DiskFile {
  readonly name: string;
  readonly #content: Content;
  readonly #machine: Machine;
  readonly #random: Random;
  #open = true;
  #flushError: Error | null = null;

  constructor(name: string, content: Content, machine: Machine, random: Random) {
    this.name = name;
    this.#random = random;
    this.#content = content;
    this.#machine = machine;
    machine.openHandles += 1;
  }

  size(): number {
    this.#alive();
    return this.#content.size;
  }

  read(buffer: Buffer, offset: number): void {
    this.#alive();
    if (offset + buffer.length > this.#content.size) throw damaged(this.name, `ends at byte ${this.#content.size}`);
    this.#content.bytes.read(buffer, offset);
  }

  write(buffer: Buffer, offset: number): void {
    this.#alive();
    this.#content.bytes.write(buffer, offset);
    this.#content.size = Math.max(this.#content.size, offset + buffer.length);
    this.#machine.change();
  }

  flush(): void {
    this.#alive();
    if (this.#flushError !== null) throw this.#flushError;
    try {
      this.#machine.change('flush-failed', () => {
        this.#content.bytes.failFlush(this.#random);
      });
    } catch (error) {
      this.#flushError = error instanceof Error ? error : null;
      throw error;
    }
    this.#content.bytes.flush();
    this.#content.durableSize = this.#content.size;
  }

  close(): void {
    if (this.#open) this.#machine.openHandles -= 1;
    this.#open = false;
  }

  #alive(): void {
    this.#machine.alive();
    if (!this.#open) throw new Error(`${this.name} was used after it had been closed`);
  }
}

interface NameChange {
  name: string;
  content: Content | null;
}

export class SimDisk implements Disk {
  readonly path = 'sim';
  /** Whether somebody reads a point here. */
  pinned = false;
  readonly #machine: Machine;
  #names = new Map<string, Content>();
  #durableNames = new Map<string, Content>();
  #waiting: NameChange[] = [];
  /** Decides what a flush that fails leaves behind. */
  readonly #random: Random;

  constructor(machine: Machine, random: Random) {
    this.#machine = machine;
    this.#random = random;
  }

  create(name: string, sizeBytes: number): DiskFile {
    this.#machine.alive();
    if (this.#names.has(name)) throw new Error(`${name} exists`);
    const content = new Content(sizeBytes);
    this.#rename({ name, content }, () => {
      this.#rename({ name, content: null });
    });
    return new SimFile(name, content, this.#machine, this.#random);
  }

  open(name: string): DiskFile {
    this.#machine.alive();
    const content = this.#names.get(name);
    if (content === undefined) throw damaged(name, 'is missing');
    return new SimFile(name, content, this.#machine, this.#random);
  }

  exists(name: string): boolean {
    this.#machine.alive();
    return this.#names.has(name);
  }

  list(): string[] {
    this.#machine.alive();
    return [...this.#names.keys()];
  }

  remove(name: string): void {
    this.#machine.alive();
    if (this.#names.has(name)) this.#rename({ name, content: null });
  }

  flushNames(): void {
    this.#machine.change('flush-failed');
    this.#durableNames = new Map(this.#names);
    this.#waiting = [];
  }

  isPinned(): boolean {
    return this.pinned;
  }

  /** The power goes. */
  cut(random: Random, fate: Fate): void {
    const kept = fate.keep === 1 ? this.#waiting.length : fate.keep === 0 ? 0 : random.below(this.#waiting.length + 1);
    for (const change of this.#waiting.slice(0, kept)) apply(this.#durableNames, change);
    this.#names = new Map(this.#durableNames);
    this.#waiting = [];
    for (const content of this.#names.values()) content.cut(random, fate);
  }

  /** The system forgets what it need not keep. */
  evict(): void {
    for (const content of this.#names.values()) content.bytes.evict();
  }

  clone(machine: Machine): SimDisk {
    const copy = new SimDisk(machine, this.#random);
    const copies = new Map<Content, Content>();
    const copyOf = (content: Content): Content => {
      const known = copies.get(content) ?? content.clone();
      copies.set(content, known);
      return known;
    };
    for (const [name, content] of this.#names) copy.#names.set(name, copyOf(content));
    for (const [name, content] of this.#durableNames) copy.#durableNames.set(name, copyOf(content));
    copy.#waiting = this.#waiting.map(({ name, content }) => ({
      name,
      content: content === null ? null : copyOf(content),
    }));
    return copy;
  }

  #rename(change: NameChange, failing?: () => void): void {
    apply(this.#names, change);
    this.#waiting.push(change);
    this.#machine.change('write-failed', failing);
  }
}

function apply(names: Map<string, Content>, { name, content }: NameChange): void {
  if (content === null) names.delete(name);
  else names.set(name, content);
}
