/**
 * What is whole of damaged journals of an open cycle, for a rollback whose gaps the operator accepts. Nothing is put
 * back that its own checksum does not vouch for.
 */
import { SitepairError } from '../contract/errors.ts';
import type { Disk, DiskFile } from './disk.ts';
import { judgeJournalHeader, pageBytes, segmentBytes, segmentsStart, type JournalIdentity } from './journal-format.ts';
import {
  Journal,
  openJournal,
  readCount,
  readSegmentAt,
  readSegmentHeaderAt,
  type JournalWanted,
  type SegmentPlace,
} from './journal-reader.ts';
import { journalName } from './journal-writer.ts';

export interface Salvaged {
  journals: Journal[];
  /** What each damaged journal lacks, as half sentences that begin with its name. */
  lacking: string[];
}

/** What `read` gives, or null where the store is damaged there, or its disk gives errors. */
function unlessDamaged<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    const code = error instanceof SitepairError ? error.report.code : null;
    if (code === 'store-damaged' || code === 'read-failed') return null;
    throw error;
  }
}

/** The segments that are whole; behind a header that is not, nothing can be found any more. */
function wholeSegments(file: DiskFile, identity: JournalIdentity): SegmentPlace[] {
  const segments: SegmentPlace[] = [];
  let offset = segmentsStart;
  for (let number = 0; ; number += 1) {
    const place = unlessDamaged(() => readSegmentHeaderAt(file, offset, identity, number));
    if (place === null) return segments;
    const whole = unlessDamaged(() => readSegmentAt(file, offset, identity, number));
    if (whole !== null) segments.push(whole);
    offset += segmentBytes(place.header);
  }
}

function salvage(disk: Disk, identity: JournalIdentity): { journal: Journal | null; lacks: string } {
  const name = journalName(identity);
  const file = unlessDamaged(() => disk.open(name));
  if (file === null) return { journal: null, lacks: `${name} is missing` };
  const judged = unlessDamaged(() => {
    const header = Buffer.alloc(pageBytes);
    file.read(header, 0);
    return judgeJournalHeader(header, identity, name);
  });
  // Content of another group or cycle must never be put back.
  if (judged === 'foreign') {
    file.close();
    return { journal: null, lacks: `${name} belongs to another group, epoch or cycle` };
  }
  const segments = wholeSegments(file, identity);
  const count = unlessDamaged(() => readCount(file).count);
  const of = count === null ? '' : ` of ${count}`;
  const journal = new Journal(identity, file, segments, count ?? Infinity, true);
  return { journal, lacks: `${name} has ${segments.length}${of} parts that are whole` };
}

/** Opens what is whole of the journals, oldest first. Throws only where the store cannot be read at all. */
export function salvageJournals(disk: Disk, wanted: readonly JournalWanted[]): Salvaged {
  const salvaged: Salvaged = { journals: [], lacking: [] };
  try {
    for (const { identity, segments } of wanted) {
      const whole = unlessDamaged(() => openJournal(disk, identity, segments));
      const { journal, lacks } = whole === null ? salvage(disk, identity) : { journal: whole, lacks: null };
      if (journal !== null) salvaged.journals.push(journal);
      if (lacks !== null) salvaged.lacking.push(lacks);
    }
    return salvaged;
  } catch (error) {
    for (const journal of salvaged.journals) journal.close();
    throw error;
  }
}
