/** Which way a group goes, as an arrow between the sites' own names. Production is bold and at the arrow's tail. */
import type { GroupView } from '../../../contract/groups.ts';
import type { ShownPhase } from '../../../contract/phases.ts';
import type { Page } from './page.ts';

/** What the arrow means in each phase; a crossed arrow is a way that nothing goes. */
const arrows: Readonly<Record<ShownPhase, { arrow: string; says: string }>> = {
  unprotected: { arrow: '↛', says: 'not protected' },
  seeding: { arrow: '→', says: 'first copy not complete' },
  protected: { arrow: '→', says: 'replicating' },
  syncing: { arrow: '→', says: 'replicating' },
  interrupted: { arrow: '→', says: 'replicating, cycle interrupted' },
  'failing-over': { arrow: '⇒', says: 'production is moving' },
  'failed-over': { arrow: '↛', says: 'not replicating; failed over, not committed' },
  undoing: { arrow: '⇒', says: 'an undo is under way' },
  committed: { arrow: '↛', says: 'not replicating; the other side is superseded' },
  reprotecting: { arrow: '→', says: 'reprotect not complete' },
  unknown: { arrow: '?', says: 'its stores cannot be used' },
};

/** What of a group says which way it goes. */
export type Directed = Pick<GroupView, 'phase' | 'activeSite' | 'replicaSite' | 'primarySite' | 'recoverySite'>;

/** "Hall A → Hall B", from production to the other side. */
export function directionOf(page: Page, group: Directed): string {
  const { from, to } = sidesOf(group);
  const tail = page.paint.site(from.letter, group.activeSite === null ? from.name : page.paint.strong(from.name));
  return `${tail} ${arrows[group.phase].arrow} ${page.paint.site(to.letter, to.name)}`;
}

/** "production at Hall A, replicating": what the arrow says, in words. */
export function directionInWords(group: Directed): string {
  const production =
    group.activeSite === null ? 'production at neither site' : `production at ${sidesOf(group).from.name}`;
  const known = group.phase === 'unknown' ? 'where production is, is not known' : production;
  return `${known}, ${arrows[group.phase].says}`;
}

function sidesOf(group: Directed): { from: GroupView['primarySite']; to: GroupView['primarySite'] } {
  // Between demotion and promotion nobody is in production: it leaves the side that is not written.
  const toPrimary = group.activeSite === null ? group.replicaSite === 'primary' : group.activeSite === 'recovery';
  return toPrimary
    ? { from: group.recoverySite, to: group.primarySite }
    : { from: group.primarySite, to: group.recoverySite };
}
