#!/usr/bin/env python3
"""Checks an exported audit log without Sitepair: check-audit.py FILE [STORE_LOG ...]

FILE is what `sitepair audit --export FILE` wrote: one JSON object a line, first what log it is, then the entries. Each
entry's hash is BLAKE3 over the hash of the one before it and its own fields; so an entry that was changed, removed,
inserted or moved breaks the chain from there on. The chain has no key, and only what lies out of a forger's reach tells a chain that was made anew: compare
the last hash with the one on a printed report, or give the file audit.log of a group's folder in each store. Those hold
copies of the entries about that group, with gaps, so they are held against the export and cannot be checked alone.

Exit code: 0 intact, 1 broken, 2 not such a file. Needs Python 3.8 and nothing else.
"""
import json
import re
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


TEXTS = ("at", "operator", "action", "groupName", "runId", "detail")
MAY_BE_NULL = ("groupName", "runId")
ENTRY = {"sequence", "hash", *TEXTS}


def entry_hash(previous, entry):
    fields = [str(entry["sequence"])] + [entry[key] for key in TEXTS]
    return blake3(bytes.fromhex(previous) + b"".join(encoded(field) for field in fields)).hex()


class NoSuchFile(Exception):
    """What was given is not what can be checked."""


def once(pairs):
    """An object whose keys each stand in it once: of two values a reader may take either."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("it holds a key twice")
    return found


def is_hash(value):
    return isinstance(value, str) and re.fullmatch("[0-9a-f]{64}", value) is not None


def entry_of(line, keys=ENTRY):
    """The entry of a line, which has exactly these keys; raises ValueError with what is wrong."""
    entry = json.loads(line, object_pairs_hook=once)
    if not isinstance(entry, dict) or set(entry) != set(keys):
        raise ValueError("it has not exactly the fields of an entry")
    for key in TEXTS:
        if not isinstance(entry[key], str) and not (key in MAY_BE_NULL and entry[key] is None):
            raise ValueError(f"its field {key} is no text")
        if entry[key] is not None:
            entry[key].encode("utf-8")
    if type(entry["sequence"]) is not int or not is_hash(entry["hash"]):
        raise ValueError("its number or its hash is none")
    return entry


def head_of(line):
    """The first line of an export; raises NoSuchFile, and ValueError where it was tampered with."""
    try:
        plain = json.loads(line)
    except ValueError:
        raise NoSuchFile("this is no exported audit log")
    if isinstance(plain, dict) and "chain" in plain and "sequence" in plain:
        raise NoSuchFile("this is the audit.log of a store, which holds copies of some entries; give it behind an export: "
                         "check-audit.py EXPORT AUDIT_LOG")
    if not isinstance(plain, dict) or plain.get("format") != "sitepair-audit-1":
        raise NoSuchFile("this is no exported audit log, or one of a newer Sitepair")
    head = json.loads(line, object_pairs_hook=once)
    told = {"intact", "found"}
    if set(head) - told != {"format", "chain", "entries", "made"} or set(head) & told not in (set(), told):
        raise ValueError("the first line has not exactly the fields that it is written with")
    made = head["made"].get("at") if isinstance(head["made"], dict) else None
    kinds = ((head["entries"], int), (head.get("intact", True), bool), (head.get("found", ""), str), (made, str))
    if not is_hash(head["chain"]) or any(type(value) is not kind for value, kind in kinds):
        raise ValueError("the first line does not say what log this is")
    return head


def check(lines):
    """Gives the first line and the entries; raises NoSuchFile, and ValueError with what is wrong."""
    head = head_of(lines[0] if lines else "")
    previous = head["chain"]
    entries = []
    for number, line in enumerate(lines[1:], start=1):
        try:
            entry = entry_of(line)
        except json.JSONDecodeError as problem:
            raise ValueError(f"entry {number} was changed: its line is no JSON ({problem})")
        except ValueError as problem:
            raise ValueError(f"entry {number} was changed: {problem}")
        if entry["sequence"] != number:
            raise ValueError(f"entry {number} is missing: entry {entry['sequence']} stands in its place")
        if entry_hash(previous, entry) != entry["hash"]:
            raise ValueError(f"entry {number} was changed, or is not the one that was written after entry {number - 1}")
        previous = entry["hash"]
        entries.append(entry)
    if len(entries) != head["entries"]:
        raise ValueError(f"{head['entries']} entries were exported, and {len(entries)} are here")
    if head.get("intact") is False:
        raise ValueError(f"it was broken already when it was exported: {head['found']}")
    return head, entries


def check_copies(lines, head, entries):
    """Holds a store's audit.log against the export; gives what was found, raises ValueError with what is wrong."""
    same = others = later = unread = 0
    for number, line in enumerate(lines, start=1):
        try:
            copy = entry_of(line, ENTRY | {"chain"})
        except json.JSONDecodeError:
            # A power cut leaves the like.
            unread += 1
            continue
        except ValueError as problem:
            raise ValueError(f"line {number} was changed: {problem}")
        chain, at = copy.pop("chain"), copy["sequence"]
        if chain != head["chain"]:
            others += 1
        elif at > len(entries):
            if copy["at"] < head["made"]["at"]:
                raise ValueError(f"line {number} has entry {at}, written before the export was made, which lacks it")
            later += 1
        elif at < 1 or copy != entries[at - 1]:
            raise ValueError(f"line {number} and entry {at} of the export say different things")
        else:
            same += 1
    left = [(later, "newer than the export"), (others, "of another catalog's log"), (unread, "that cannot be read")]
    return f"{same} lines agree" + "".join(f", {count} {what}" for count, what in left if count > 0)


def lines_of(path):
    with open(path, encoding="utf-8") as file:
        # Not splitlines: entries may hold other marks that it takes for the end of a line.
        return [line for line in file.read().split("\n") if line]


def checked(path, check_it):
    """What the check gives; what it raises names the file."""
    try:
        return check_it(lines_of(path))
    except UnicodeDecodeError:
        raise NoSuchFile(f"{path}: it is no text")
    except ValueError as problem:
        raise ValueError(f"{path}: {problem}")
    except (OSError, NoSuchFile) as problem:
        raise NoSuchFile(f"{path}: {problem}")


def main():
    if len(sys.argv) < 2:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        head, entries = checked(sys.argv[1], check)
        last = entries[-1]["hash"] if entries else head["chain"]
        stores = [(path, checked(path, lambda lines: check_copies(lines, head, entries))) for path in sys.argv[2:]]
    except ValueError as problem:
        print(f"BROKEN: {problem}")
        return 1
    except NoSuchFile as problem:
        print(problem, file=sys.stderr)
        return 2
    print(f"intact: {len(entries)} entries, the last one has the hash {last}")
    for path, found in stores:
        print(f"{path}: {found}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
