/**
 * What is done with volumes and stores on a machine that has no Sitepair: commands that any Linux has. Their lines are
 * short, so that paper does not break them: whoever types or copies them from it cannot tell where a line has its end.
 */
import type { GroupView } from '../contract/groups.ts';
import { shellWord } from '../contract/wording.ts';
import { commands, html, list, nothing, type Markup } from './markup.ts';

/** What of a store's record tells whether a replica is whole, as options of grep. */
const recordFacts = [
  '"serial":[0-9]*',
  '"role":"[a-z]*"',
  '"receiving":[^,]*',
  String.raw`"position":\(null\|{[^}]*}\)`,
  '"moving":[^,]*',
  '"doubtful":[a-z]*',
  '"incomplete":[a-z]*',
  // Each point, and below it what it lacks: what could not be read of the sources, by the operator's word.
  '"epoch":[0-9]*,"cycle":[0-9]*,"at":"[^]}]*"state":"[a-z]*"',
  String.raw`"unread":\[\({[^]]*\]},*\)*\]`,
].map((pattern) => `-e '${pattern}'`);

/**
 * Commands that print the facts of both places of a record file (src-main/store/slots.ts says how they lie in it). Each
 * is cut at the length that its header gives: what was written there before may have been longer.
 */
function recordLook(record: string): string[] {
  return [
    `record=${shellWord(record)}`,
    'for at in 0 $(($(wc -c < "$record") / 8192 * 4096)); do echo',
    '  length=$(od -A n -t u4 -j $((at + 18)) -N 4 "$record")',
    '  tail -c +$((at + 513)) "$record" | head -c $length |',
    ...['  grep -a -o', ...recordFacts].join(' \\\n    ').split('\n'),
    'done',
  ];
}

/** Commands that list the partitions of a volume and mount one, read-only; whether or not the system knows them. */
function partitionLook(path: string, n: number): string[] {
  const point = `/mnt/${n + 1}`;
  const of = (column: string): string => `$((512 * $(partx -g -o ${column} -n $part "$disk")))`;
  return [
    `disk=${shellWord(path)}`,
    'partx -o NR,START,SECTORS,TYPE "$disk"',
    'part=1   # the number of the partition that is wanted; all below goes by it',
    `start=${of('START')}`,
    `size=${of('SECTORS')}`,
    `mkdir -p ${point}`,
    `mount -o ro,noload,loop,offset=$start,sizelimit=$size "$disk" ${point}`,
  ];
}

/** The part of a runbook that needs nothing of Sitepair. */
export function byHand(group: GroupView): Markup {
  const [pair] = group.pairs;
  if (pair === undefined) return nothing;
  const sides = group.stores.map(({ site, path }) => {
    const isPrimary = site === group.primarySite.letter;
    const paths = group.pairs.map((one) => (isPrimary ? one.primaryPath : one.recoveryPath));
    return html`<h3>At ${isPrimary ? group.primarySite.name : group.recoverySite.name}</h3>
      ${commands(
        ...recordLook(`${path}/${group.name}/record`),
        ...paths.flatMap((path, n) => {
          const options = `ro,${path.startsWith('/dev/') ? '' : 'loop,'}noload`;
          return [
            '# for XFS: norecovery,nouuid in the place of noload',
            `mkdir -p /mnt/${n + 1}`,
            `mount -o ${options} ${shellWord(path)} /mnt/${n + 1}`,
          ];
        }),
      )}
      <p>
        A volume that is a disk with a partition table does not mount so. List its partitions (partx is in util-linux,
        as mount is), and mount the one that is wanted:
      </p>
      ${commands(...paths.flatMap(partitionLook))}`;
  });
  return html`<p>
      The volumes are plain: nothing of Sitepair is needed to mount or copy them. Whether a replica is whole, the record
      in its store tells. It is there twice, the newer one and the one before it: each begins with its serial, and only
      the one with the higher serial counts. Only where it says role replica it tells what the volumes hold: what
      production writes is in no record.
    </p>
    ${list([
      'role replica; receiving and moving null; doubtful and incomplete false; and the line of the point that position names (the same epoch and cycle) ends with state usable: the volumes hold that point, whole.',
      'the same, but that line ends with state incomplete, and below it stands unread: the volumes hold that point but for ranges that could not be read at the source. There they hold older content, or nothing. Of each pair (number 1 is pair-1) it says how many ranges and bytes, and where the first lie (offset and length, bytes). A file system with such holes may mount and be damaged all the same: have it checked without repairs first (fsck -n). An older point whose state is usable is whole; only Sitepair can bring the volumes to it (5.).',
      'role replica and anything else: the volumes may be between two points. Only Sitepair can bring them to one, from the journals in the store: adopt the group (5.).',
    ])}
    <p>
      Work on a copy, or read-only. Sitepair knows nothing of what is written to the volumes by hand and takes it for
      damage: neither verify --repair nor sync may run then, as they would put back what was there. A failover with
      --accept replica-intact makes such volumes production.
    </p>
    ${sides}`;
}
