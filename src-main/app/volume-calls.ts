/**
 * The calls for volumes: what this machine has, which lie beside protected ones and are in no group, and which of these
 * nobody need be told of any more.
 */
import type { DismissedVolumes } from '../catalog/dismissed.ts';
import { SitepairError } from '../contract/errors.ts';
import type { UnprotectedList } from '../contract/unprotected.ts';
import { listVolumes } from '../volumes/listing.ts';
import { isDismissed } from '../protection/unprotected.ts';
import type { GroupBook } from './group-book.ts';
import type { Handlers } from './handlers.ts';
import type { SiteThread } from './site-thread.ts';
import type { Trail } from './trail.ts';

interface Places {
  dismissed: DismissedVolumes;
  book: Pick<GroupBook, 'registrations' | 'others'>;
  trail: Pick<Trail, 'append'>;
  /** One on which nothing waits that matters: volumes beside others may not answer. */
  thread: SiteThread;
  operator: string;
}

type Call = Extract<keyof Handlers, `volumes.${string}`>;

export function volumeCalls({ dismissed, book, trail, thread, operator }: Places): Pick<Handlers, Call> {
  const look = async (): Promise<UnprotectedList & { identities: Map<string, string | null> }> => {
    const known = dismissed.list();
    const groups = book.registrations().map((registration) => {
      return { registration, others: book.others(registration.definition.name) };
    });
    const { volumes, unseen } = await thread.ask('unprotected', { groups });
    const identities = new Map(volumes.map(({ path, identity }) => [path, identity]));
    const listed = volumes.map(({ path, sizeBytes, identity, beside }) => {
      const entry = known.find((one) => isDismissed({ path, sizeBytes, identity }, [one]));
      return { path, sizeBytes, beside, dismissed: entry?.dismissal ?? null };
    });
    return { volumes: listed, unseen, identities };
  };
  const told = async (): Promise<UnprotectedList> => {
    const { volumes, unseen } = await look();
    return { volumes, unseen };
  };
  return {
    'volumes.list': async () => ({ volumes: await listVolumes() }),
    'volumes.unprotected': told,
    'volumes.dismiss': async ({ path, reason }) => {
      const { identities } = await look();
      const identity = identities.get(path);
      if (identity === undefined) throw notListed(path);
      dismissed.add(path, identity, { reason, operator, at: new Date().toISOString() });
      trail.append('volume dismissed', null, null, { path, reason });
      return told();
    },
    'volumes.undismiss': async ({ path }) => {
      if (!dismissed.remove(path)) throw notDismissed(path);
      trail.append('dismissal taken back', null, null, { path });
      return told();
    },
  };
}

function notListed(path: string): SitepairError {
  return new SitepairError({
    code: 'invalid-input',
    message: `${path} is no volume that lies unprotected beside protected ones, so there is nothing to dismiss.`,
    where: path,
    remedy: 'See which there are with: sitepair volumes',
  });
}

function notDismissed(path: string): SitepairError {
  return new SitepairError({
    code: 'invalid-input',
    message: `${path} was not dismissed.`,
    where: path,
    remedy: 'See which were with: sitepair volumes',
  });
}
