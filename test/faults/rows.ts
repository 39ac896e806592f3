/**
 * The table of faults: what is brought about, and what must hold. A test file says in its first comment which rows it
 * is about ("FAULTS, row 8"); to add a row, add its line here and a file like target-mounted.test.ts beside this.
 */
export interface Row {
  number: number;
  fault: string;
  holds: string;
}

export const rows: readonly Row[] = [
  ['power cut anywhere in a lifecycle, on a disk that loses what was not flushed', 'all old or all new, group-wide'],
  ['the same in simulation, over random histories', 'always recoverable, nothing overwritten unsaved, all or none'],
  ['flush error on the replica', 'no point; chunks unknown until verified or rolled back'],
  ['flush error on the journal', 'no chunk written under it'],
  ['flushes left out, checksums left out', 'the tests of rows 1 and 2 find it'],
  ['SIGKILL before every change of a small cycle', 'the next start recovers'],
  ['killed during a rollback, twice', 'same result'],
  ['bad sector on the source', 'its place told, no zeros copied, no point; passed over by word only, and then told'],
  ['short read, short write', 'no byte skipped'],
  ['write error on the replica in a cycle', 'rolled back, or resumable'],
  ['store full', 'stops before overwriting; a rollback needs no space'],
  ['hung mount', 'cancel and quit are bounded, screens live'],
  ['target mounted, or its partition', 'refused'],
  ['source is the target: path, link, inode, backing file, two loops', 'refused'],
  ['two processes on one group', 'one wins, the other exits 4; a dead holder frees it'],
  ['journal torn, flipped, of another group or cycle', 'torn tail recovered; the rest refused, nothing half undone'],
  ['replica written by others since its point', 'noticed before a rollback or a change of point'],
  ['volume lost in a run, and back again', 'said to be lost, resumable'],
  ["store's file system turns read-only", 'clean stop, later recovery'],
  ['device read-only, shrunk, grown', 'refused beforehand, or said clearly'],
  ['catalog killed, full, corrupt, deleted', 'the stores decide; adopt brings it back'],
  ['out of memory, frozen, starved', 'recoverable; the lock outlives a pause'],
  ['replica silently corrupted', 'verify finds the range, and mends it from the source'],
  ['source changes while it is read', 'the point says so'],
  ['old primary returns after a failover', 'refused until it is reprotected'],
  ['bad sector on the replica', 'the failover goes through and says it; verify names it, and repair rewrites it'],
].map(([fault = '', holds = ''], n) => ({ number: n + 1, fault, holds }));
