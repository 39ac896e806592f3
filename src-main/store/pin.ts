/**
 * A pin: somebody reads a point of this folder while cycles come and go, a test failover for one. Reading holds up
 * nobody, so it does not take the group's lock. While a pin is held, whoever holds that lock keeps to two things: no
 * journal is removed, and no point is dropped, so that none is folded with older ones either (group-store.ts,
 * retention.ts). So whatever was saved before the replica was overwritten stays to be read, of cycles that begin
 * meanwhile and are rolled back too.
 *
 * The pin is a lock on a file of its own, which dies with its process. What was kept for it goes with the next garbage.
 */
import { pinName } from './file-names.ts';
import { FolderLock } from './lock.ts';

const words = {
  held: 'A test failover of the group is held by',
  remedy: 'Wait for that test failover to end, or stop it there; then try again.',
};

/** Pins the points of a group's folder, until it is released. Throws `busy` where somebody has. */
export function takePin(folder: string, what: string): FolderLock {
  return FolderLock.take(folder, what, pinName, words);
}
