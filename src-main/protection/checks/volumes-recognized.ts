/** Whether the volumes that an open cycle is gone on with, or rolled back to, are the ones that it was begun on. */
import { LaneControl } from '../../engine/control.ts';
import { foreignInCycle } from '../../store/damage.ts';
import { withVolumes } from '../volumes-of.ts';
import { type Check, type Finding, pass } from './check.ts';

export const volumesRecognized: Check = {
  id: 'volumes-recognized',
  title: 'The volumes are those that were begun on',
  why: 'After a restart another volume may have the name of a replica; what is written to it would be lost.',
  look: ({ group, context, scope }): Finding => {
    const site = scope.written ?? group.replicaSite;
    const { store } = group.sides[site];
    if (store === null) {
      return { status: 'unknown', found: 'Its store cannot be read.', remedy: 'Mount the file system of the store.' };
    }
    if (store.record.moving !== null) {
      return pass('Each volume is held against what the journals say of it before anything is written.');
    }
    if (store.record.receiving === null) return pass('Nothing is under way that was begun on other volumes.');
    const control = LaneControl.above(context.steering.shared);
    const checkpoint = (): void => {
      control.checkpoint();
    };
    const foreign = withVolumes(group, context, site, 'read', (volumes) =>
      foreignInCycle(store, { volumes, checkpoint }),
    );
    if (foreign.length === 0) return pass('Nothing says that the open cycle was begun on other volumes.');
    const said = foreign.map(({ pair, others }) => `${pair.paths[site]} (${pair.id}, in ${others} chunks)`).join(', ');
    return {
      status: 'fail',
      found: `These hold nothing of what the open cycle saved or wrote there, so that they are other volumes, or somebody else has written all over them: ${said}.`,
      remedy:
        'Bring the volumes back to their paths, or say where they are now with group set --path. Only where it is the volume itself that somebody has written all over, accept it: then it is overwritten, and the points before are marked damaged.',
    };
  },
};
