/** The entry of a lane's worker thread. It opens its own volumes and obeys the shared control. */
import { parentPort, workerData } from 'node:worker_threads';
import { LaneControl } from '../../engine/control.ts';
import { WatchedVolume } from '../../engine/watched-volume.ts';
import { asReport } from '../errors.ts';
import { FolderDisk } from '../../store/folder-disk.ts';
import { VolumeSet } from '../../store/volume-set.ts';
import { lowerPriority } from '../../volumes/thread-priority.ts';
import { volumePlatform } from '../../volumes/platform.ts';
import type { OpenMode } from '../../volumes/volume.ts';
import { InspectLane } from './inspect-lane.ts';
import { Lane } from './lane.ts';
import { SidesLane } from './sides-lane.ts';
import type { FromLane, LaneWorkerData, ToLane } from './lane-messages.ts';

const data = workerData as LaneWorkerData;
const port = parentPort;
if (port === null) throw new Error('lane-worker runs as a worker thread only');
// Production comes first.
lowerPriority();
const platform = volumePlatform();
const paths = new Map(data.paths);
const control = new LaneControl(data.setup.control, data.setup.lane);

function opened(side: 'source' | 'target', mode: OpenMode): VolumeSet {
  return new VolumeSet((pair) => {
    const volumePath = paths.get(pair)?.[side];
    if (volumePath === undefined) throw new Error(`no ${side} for pair ${pair}`);
    return new WatchedVolume(
      control.atVolume(volumePath, () => platform.open(volumePath, mode)),
      control,
    );
  });
}

const sources = opened('source', 'read');
const targets = opened('target', data.work === 'receive' ? 'write' : data.pastCache ? 'read-past-cache' : 'read');
const lane =
  data.work === 'receive'
    ? new Lane(data.setup, { disk: new FolderDisk(data.storeFolder), sources, targets })
    : data.work === 'sides'
      ? new SidesLane(data.setup, { sources, targets })
      : new InspectLane(data.setup, data.work, { sources, targets });
const answer = (message: FromLane): void => {
  port.postMessage(message);
};
/** After an error nothing more is written: what follows is only let go of. */
let failed = false;

port.on('message', (message: ToLane) => {
  try {
    if (failed && message.kind !== 'close') return;
    if (message.kind === 'strip') {
      const result = lane.process(message.order);
      answer({ kind: 'result', result });
      return;
    }
    if (message.kind === 'finish') lane.finish();
    else lane.close();
    sources.close();
    targets.close();
    answer({ kind: 'done' });
    port.close();
  } catch (error) {
    failed = true;
    answer({ kind: 'failed', error: asReport(error) });
  }
});
