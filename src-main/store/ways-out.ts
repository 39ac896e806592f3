/** The ways out where a store is damaged, in the same words wherever it is met. */

/** Needs the source. */
export const storeAnew =
  "Put the store back from a backup. Else move the group's folder in it away, give the group a new store with group set, then protect --overwrite.";

/** Needs nothing but the site, and gives up that the point is what it was. */
export const acceptDamage =
  'Where the source is lost: rollback, undo of a reprotect, or failover, with --accept replica-intact puts back all that it can and marks the points damaged.';

/** Where blocks of a volume cannot be read that no journal has. */
export const putBackAround =
  'Rollback or failover with --accept replica-intact puts back all else and marks the points damaged; while the source answers, verify --repair makes such blocks readable then.';

/** Where volumes were to be brought to another point, and nothing was begun. */
export const acceptNotBegun =
  'Failover and undo pass it with --accept replica-intact: all else is brought to the point, and the points are marked damaged.';

/** Where volumes are on their way from one point to another; which of the three is allowed, the phase says. */
export const acceptOnTheWay =
  'If somebody has written to the volume itself: resume, rollback or failover with --accept replica-intact goes on, and marks the points damaged.';

/**
 * Where a volume can be no other than a foreign one. That is more than damage, and has an acceptance of its own, so
 * that nobody gives it who was told of something else.
 */
export const acceptForeign =
  'If it is the volume itself, which somebody has written all over, accept it with --accept volumes-recognized';

/** Where what leads from one point to another is damaged; which of them is allowed, the phase says. */
export const acceptJournals =
  'Another point may not need it. To go to this one without it: failover, resume or rollback with --accept replica-intact brings back all that the whole journals hold, and marks the points damaged.';

/** Where a chunk shows that a volume was changed, or that it is another one. */
export const otherVolume =
  'Where another volume has got that path, bring the replica back to it, or say where it is now with group set --path.';
