/** Bringing the volumes of a side to another of its points, and telling how far that is. */
import { LaneControl } from '../../engine/control.ts';
import type { SiteLetter } from '../../contract/phases.ts';
import { moveTo } from '../../store/move.ts';
import type { PointKey, SiteRecord } from '../../store/record.ts';
import { acceptedInMove } from '../accepted-damage.ts';
import type { OpenGroup } from '../group.ts';
import { nowAndThen, type RunContext } from '../run-context.ts';
import { withVolumes } from '../volumes-of.ts';

/** `done`: changes of the record that belong to its end. Throws as `moveTo` does, and `cancelled`. */
export function bringToPoint(
  group: OpenGroup,
  context: RunContext,
  { site, point, done }: { site: SiteLetter; point: PointKey; done: Partial<SiteRecord> },
): void {
  const store = group.storeOf(site);
  // It goes through the journals and not through the volumes: there is no measure for each of them.
  context.reporter.pairs([]);
  const control = LaneControl.above(context.steering.shared);
  let counted = 0;
  const written = withVolumes(group, context, site, 'write-exclusive', (volumes) =>
    moveTo(store, point, {
      volumes,
      now: context.now,
      begin: {},
      done,
      checkpoint: (soFar) => {
        control.checkpoint();
        control.add(0, 'bytesWritten', soFar - counted);
        counted = soFar;
      },
      tell: nowAndThen(context),
      ...acceptedInMove(group, context, site),
    }),
  );
  control.add(0, 'bytesWritten', written - counted);
}
