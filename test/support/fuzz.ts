/**
 * Mutated input for whatever is read back: SITEPAIR_FUZZ_CASES says how many cases each format gets,
 * SITEPAIR_FUZZ_SEED repeats a run.
 */
import { vi } from 'vitest';
import { SitepairError } from '../../src-main/contract/errors.ts';
import { Random } from '../store/sim/random.ts';

const cases = Number(process.env['SITEPAIR_FUZZ_CASES'] ?? 300);
const seed = Number(process.env['SITEPAIR_FUZZ_SEED'] ?? Math.floor(Math.random() * 0x7fff_ffff));

/** Looks at so many cases, each with chances of its own; one that fails is named with its seed. `share`: of all. */
export function eachCase(look: (random: Random) => void, share = 1): void {
  for (let n = 0; n < Math.max(1, cases * share); n += 1) {
    try {
      look(new Random(seed + n));
    } catch (error) {
      const why = error instanceof Error ? (error.stack ?? error.message) : String(error);
      throw new Error(`SITEPAIR_FUZZ_SEED=${seed + n} SITEPAIR_FUZZ_CASES=1: ${why}`, { cause: error });
    }
  }
}

/** What `read` gives; null where it is refused in words of ours. All else that it throws is thrown. */
export function givenOrRefused<T>(read: () => T): { given: T } | null {
  try {
    return { given: read() };
  } catch (error) {
    if (!(error instanceof SitepairError)) throw error;
    const { message, remedy } = error.report;
    if (message === '' || remedy === '') throw new Error('it is refused without words', { cause: error });
    return null;
  }
}

/** Numbers that a length or an offset could be, to do harm. */
const extremes = [0, 1, 0x7fff_ffff, 0xffff_fff0, 0xffff_ffff] as const;

const blockBytes = 512;
const blocksInUse = new WeakMap<Buffer, number[]>();

/** Where something lies, in blocks: most of a file that has its space beforehand is zeros, which nobody reads. */
function inUse(whole: Buffer): number[] {
  const known = blocksInUse.get(whole);
  if (known !== undefined) return known;
  const all = Array.from({ length: Math.ceil(whole.length / blockBytes) }, (_, block) => block);
  const found = all.filter((block) =>
    whole.subarray(block * blockBytes, (block + 1) * blockBytes).some((byte) => byte !== 0),
  );
  blocksInUse.set(whole, found);
  return found;
}

/** An offset, most often where something lies, and often near the beginning of a block. */
function placeIn(whole: Buffer, random: Random): number {
  const blocks = random.chance(0.9) ? inUse(whole) : [];
  const block = blocks[random.below(Math.max(1, blocks.length))];
  if (block === undefined) return random.below(Math.max(1, whole.length));
  return Math.min(block * blockBytes + random.below(random.pick([128, blockBytes])), whole.length - 1);
}

type Change = (content: Buffer, at: number, random: Random) => void;

const flip: Change = (content, at, random) => {
  content[at] = (content[at] ?? 0) ^ (1 << random.below(8));
};

/** Copies a part of it over another; whole pages or any bytes. */
const splice: Change = (content, at, random) => {
  const unit = random.pick([4096, 512, 1]);
  const count = Math.floor(content.length / unit);
  if (count < 2) return;
  const from = random.below(count) * unit;
  content.copyWithin(Math.floor(at / unit) * unit, from, from + unit * (1 + random.below(unit === 1 ? 5000 : 2)));
};

const putExtreme: Change = (content, at, random) => {
  if (content.length >= 4) content.writeUInt32LE(random.pick(extremes), Math.min(at, content.length - 4));
};

/**
 * Another content, made of one: bits flipped, parts copied over others, lengths set to what cannot be, cut off, made
 * longer, or nothing but chance. It may be the same.
 */
export function mutated(whole: Buffer, random: Random): Buffer {
  if (random.chance(0.03)) return random.bytes(random.below(whole.length * 2 + 1));
  const content = Buffer.from(whole);
  for (let times = 1 + random.below(3); times > 0; times -= 1) {
    if (content.length > 0) random.pick([flip, flip, splice, putExtreme])(content, placeIn(whole, random), random);
  }
  if (random.chance(0.15)) return content.subarray(0, random.below(content.length + 1));
  if (random.chance(0.1)) return Buffer.concat([content, random.bytes(random.below(9000))]);
  return content;
}

/** As `mutated`, for a text; what comes of it need not be one that can be written as it stands. */
export function mutatedText(text: string, random: Random): string {
  return mutated(Buffer.from(text), random).toString(random.chance(0.5) ? 'utf8' : 'latin1');
}

/** Does `work`, and throws where it asks for a piece of memory of more than so many bytes. */
export function withinMemory<T>(most: number, work: () => T): T {
  const made = (['alloc', 'allocUnsafe', 'allocUnsafeSlow'] as const).map((name) => {
    const make = bounded(Buffer[name].bind(Buffer), most);
    return vi.spyOn(Buffer, name).mockImplementation(make);
  });
  try {
    return work();
  } finally {
    for (const one of made) one.mockRestore();
  }
}

type Make = (size: number, fill?: string | number | Uint8Array, encoding?: BufferEncoding) => Buffer<ArrayBuffer>;

function bounded(make: Make, most: number): Make {
  return (size, ...rest) => {
    if (size > most) throw new Error(`it asks for ${size} bytes where ${most} are enough`);
    return make(size, ...rest);
  };
}
