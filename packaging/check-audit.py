#!/usr/bin/env python3
"""Checks an exported audit log without Sitepair: check-audit.py FILE

FILE is what `sitepair audit --export FILE` wrote: one JSON object a line, first what log it is, then the entries. Each
entry's hash is BLAKE3 over the hash of the one before it and its own fields; so an entry that was changed, removed,
inserted or moved breaks the chain from there on. Compare the last hash with the one in audit.log of a store, or on a
printed report: the chain has no key, and only what lies out of a forger's reach tells a chain that was made anew.

Exit code: 0 intact, 1 broken, 2 not such a file. Needs Python 3.8 and nothing else.
"""
import json
import struct
import sys

# BLAKE3, from its specification (github.com/BLAKE3-team/BLAKE3-specs); slow, and short enough to be read.
IV = (0x6A09E667, 0xBB67AE85, 0x3C6EF372, 0xA54FF53A, 0x510E527F, 0x9B05688C, 0x1F83D9AB, 0x5BE0CD19)
ORDER = (2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8)
COLUMNS = ((0, 4, 8, 12), (1, 5, 9, 13), (2, 6, 10, 14), (3, 7, 11, 15),
           (0, 5, 10, 15), (1, 6, 11, 12), (2, 7, 8, 13), (3, 4, 9, 14))
CHUNK_START, CHUNK_END, PARENT, ROOT = 1, 2, 4, 8
MASK = 0xFFFFFFFF


def rotated(word, bits):
    return (word >> bits | word << (32 - bits)) & MASK


def compress(chaining, block, counter, length, flags):
    """The first eight words of the compression of a block of 16 words."""
    v = list(chaining) + list(IV[:4]) + [counter & MASK, counter >> 32, length, flags]
    for _ in range(7):
        for place, (a, b, c, d) in enumerate(COLUMNS):
            for x, turns in ((block[2 * place], (16, 12)), (block[2 * place + 1], (8, 7))):
                v[a] = (v[a] + v[b] + x) & MASK
                v[d] = rotated(v[d] ^ v[a], turns[0])
                v[c] = (v[c] + v[d]) & MASK
                v[b] = rotated(v[b] ^ v[c], turns[1])
        block = [block[n] for n in ORDER]
    return tuple(v[n] ^ v[n + 8] for n in range(8))


def chunk(data, counter, root):
    """The chaining value of up to 1024 bytes."""
    chaining = IV
    blocks = [data[at:at + 64] for at in range(0, len(data), 64)] or [b""]
    for n, block in enumerate(blocks):
        last = n == len(blocks) - 1
        flags = (CHUNK_START if n == 0 else 0) | (CHUNK_END | root if last else 0)
        words = struct.unpack("<16L", block.ljust(64, b"\0"))
        chaining = compress(chaining, words, counter, len(block), flags)
    return chaining


def tree(data, counter, root):
    """The chaining value of any number of bytes: the left half is the largest power of two of whole chunks."""
    if len(data) <= 1024:
        return chunk(data, counter, root)
    left = 1024
    while left * 2 < len(data):
        left *= 2
    halves = tree(data[:left], counter, 0) + tree(data[left:], counter + left // 1024, 0)
    return compress(IV, halves, 0, 64, PARENT | root)


def blake3(data):
    return struct.pack("<8L", *tree(data, 0, ROOT))


def encoded(field):
    if field is None:
        return b"\0"
    text = field.encode("utf-8")
    return b"\1" + struct.pack("<L", len(text)) + text


def entry_hash(previous, entry):
    fields = [str(entry["sequence"])] + [entry[key] for key in ("at", "operator", "action", "groupName", "runId", "detail")]
    return blake3(bytes.fromhex(previous) + b"".join(encoded(field) for field in fields)).hex()


def check(lines):
    """Gives (number of entries, last hash); raises ValueError with what is wrong."""
    head = json.loads(lines[0])
    if head.get("format") != "sitepair-audit-1":
        raise LookupError("this is no exported audit log, or one of a newer Sitepair")
    previous = head["chain"]
    for number, line in enumerate(lines[1:], start=1):
        entry = json.loads(line)
        if entry["sequence"] != number:
            raise ValueError(f"entry {number} is missing: entry {entry['sequence']} stands in its place")
        if entry_hash(previous, entry) != entry["hash"]:
            raise ValueError(f"entry {number} was changed, or is not the one that was written after entry {number - 1}")
        previous = entry["hash"]
    if len(lines) - 1 != head["entries"]:
        raise ValueError(f"{head['entries']} entries were exported, and {len(lines) - 1} are here")
    return head["entries"], previous


def main():
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        with open(sys.argv[1], encoding="utf-8") as file:
            # Not splitlines: entries may hold other marks that it takes for the end of a line.
            lines = [line for line in file.read().split("\n") if line]
        entries, last = check(lines)
    except ValueError as problem:
        if isinstance(problem, json.JSONDecodeError):
            problem = f"a line is no JSON ({problem})"
        print(f"BROKEN: {problem}")
        return 1
    except (OSError, LookupError, TypeError, AttributeError) as problem:
        print(f"{sys.argv[1]}: {problem}", file=sys.stderr)
        return 2
    print(f"intact: {entries} entries, the last one has the hash {last}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
