/** What became of a group that was removed, and of what it had in the stores. */

/** `left` and `unread` are folders in stores that a purge did not take: with files of others, and out of reach. */
export function removalWords(name: string, purge: boolean, left: readonly string[], unread: readonly string[]): string {
  if (!purge) return `The group ${name} was removed; its stores and volumes were left alone.`;
  const others = left.length === 0 ? [] : [`Files that are not Sitepair's were left in ${left.join(', ')}.`];
  const missed = `What it has in ${unread.join(', ')} could not be read and is still there: bring it back from that store when it can be, then purge it (sitepair group adopt STORE_DIR).`;
  const where = unread.length === 0 ? ' with its files in the stores' : ' here';
  return [`The group ${name} was removed${where}.`, ...others, ...(unread.length === 0 ? [] : [missed])].join(' ');
}
