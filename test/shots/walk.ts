/** The walk through every screen: its legs in order, from nothing protected to what goes wrong. */
import type { Leg } from './stage.ts';
import { aroundPages } from './legs/around-pages.ts';
import { compare } from './legs/compare.ts';
import { cycles } from './legs/cycles.ts';
import { drill } from './legs/drill.ts';
import { empty } from './legs/empty.ts';
import { failoverPlan } from './legs/failover-plan.ts';
import { goneWrong } from './legs/gone-wrong.ts';
import { newGroup } from './legs/new-group.ts';
import { overAndBack } from './legs/over-and-back.ts';
import { everyPage } from './legs/pages.ts';
import { pairs } from './legs/pairs.ts';
import { points } from './legs/points.ts';
import { recoveryPlan } from './legs/recovery-plan.ts';
import { rehearsal } from './legs/rehearsal.ts';
import { unfolded } from './legs/unfolded.ts';
import { verify } from './legs/verify.ts';

export const legs: readonly Leg[] = [
  empty,
  drill,
  newGroup,
  everyPage,
  aroundPages,
  cycles,
  verify,
  rehearsal,
  pairs,
  unfolded,
  overAndBack,
  points,
  compare,
  recoveryPlan,
  goneWrong,
  failoverPlan,
];
