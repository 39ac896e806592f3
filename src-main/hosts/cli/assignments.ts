/** Options that join a volume to something: `SRC::DST`, `PAIR_ID=PATH`, `PAIR_ID:primary|recovery=PATH`. */
import { SitepairError } from '../../contract/errors.ts';
import { siteRoleSchema, type SiteRole } from '../../contract/phases.ts';

/** `--pair SRC::DST`. Throws `invalid-input` where there is not exactly one `::` with a path on either side. */
export function parsePair(text: string): { source: string; target: string } {
  const [source, target, ...rest] = text.split('::');
  if (!source || !target || rest.length > 0) {
    throw malformed(
      '--pair',
      text,
      'Give source and target with two colons between, as in /dev/vg0/data::/mnt/b/data.img.',
    );
  }
  return { source, target };
}

/** `--replace PAIR_ID=PATH`. Throws `invalid-input`. */
export function parseReplacement(text: string): { pairId: string; path: string } {
  const [, pairId, path] = /^([^=]+)=(.+)$/s.exec(text) ?? [];
  if (pairId === undefined || path === undefined) {
    throw malformed(
      '--replace',
      text,
      'Give the pair and its new volume, as in pair-1=/dev/vg0/new; group show lists the pairs.',
    );
  }
  return { pairId, path };
}

/** `--path PAIR_ID:primary|recovery=PATH`. Throws `invalid-input`. */
export function parseVolumePath(text: string): { pairId: string; site: SiteRole; path: string } {
  const [, pairId, site, path] = /^([^:=]+):([^=]*)=(.+)$/s.exec(text) ?? [];
  const role = siteRoleSchema.safeParse(site);
  if (pairId === undefined || path === undefined || !role.success) {
    throw malformed(
      '--path',
      text,
      'Give pair, site and path, as in pair-1:recovery=/mnt/b/data.img; group show lists the pairs.',
    );
  }
  return { pairId, site: role.data, path };
}

/** `--accept GROUP:CHECK_ID`. Throws `invalid-input`. */
export function parseGroupCheck(text: string): { group: string; id: string } {
  const [, group, id] = /^([^:]+):(.+)$/s.exec(text) ?? [];
  if (group !== undefined && id !== undefined) return { group, id };
  throw malformed('--accept', text, 'Give the group and its check, as in erp-db:production-stopped.');
}

function malformed(option: string, text: string, remedy: string): SitepairError {
  return new SitepairError({
    code: 'invalid-input',
    message: `"${text}" cannot be understood.`,
    where: option,
    remedy,
  });
}
