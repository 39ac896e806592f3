/** What the application says, as a window says it. */
import { expect, test } from 'vitest';
import { partsOf } from '../../src-renderer/state/sentences.ts';

const now = Date.parse('2026-05-04T12:00:00Z');

/** Links as [words](where), code as `code`. */
function said(sentence: string): string {
  return partsOf(sentence, now)
    .map((part) => {
      if (part.kind === 'link') return `[${part.text}](${Object.values(part.place).join(' ')})`;
      return part.kind === 'code' ? `\`${part.text}\`` : part.text;
    })
    .join('');
}

test('commands become the wizard or page that does the same, and prose around them stays', () => {
  expect(said('Go on with: sitepair resume erp')).toBe('Go on with: [Resume erp](wizard resume erp)');
  expect(
    said('When it is well: sitepair commit erp --confirm erp. To take it back: sitepair undo erp --confirm erp'),
  ).toBe('When it is well: [Commit erp](wizard commit erp). To take it back: [Undo erp](wizard undo erp)');
  expect(said('Choose another one (sitepair points erp.2), or accept it.')).toBe(
    'Choose another one ([the page of erp.2](group erp.2)), or accept it.',
  );
  expect(said('what that cannot verify, sitepair sync erp compares anew.')).toBe(
    'what that cannot verify, [Sync erp](wizard sync erp) compares anew.',
  );
  expect(said('See `sitepair group show erp` for the phase.')).toBe('See [the page of erp](group erp) for the phase.');
  expect(said('Only then: sitepair failover erp --point 3.0 --confirm erp, which promotes it')).toBe(
    'Only then: [Failover erp to point 3.0](wizard failover erp point=3.0), which promotes it',
  );
  expect(said('sitepair failover erp --planned --confirm erp')).toBe(
    '[Planned failover erp](wizard planned-failover erp)',
  );
  expect(said('another one: sitepair change-point erp --point ID --confirm erp')).toBe(
    'another one: [Change point erp](wizard change-point erp)',
  );
  expect(said('sitepair points erp --drop 1.2 --confirm erp')).toBe(
    '[Drop point 1.2 of erp](wizard drop-point erp point=1.2)',
  );
});

test('words of the command line that name no group are said in plain words', () => {
  expect(said('Give the group a new store with group set, then protect --overwrite.')).toBe(
    "Give the group a new store in the group's settings, then Protect over what the targets hold.",
  );
  expect(said('It is off until confirmed (group set --confirm-hooks).')).toBe(
    "It is off until confirmed (the group's settings).",
  );
  expect(said('rollback, with --accept replica-intact, puts it back; see group show.')).toBe(
    "rollback, with its check accepted, puts it back; see the group's page.",
  );
  expect(said('Wait for it, or look at: sitepair runs erp')).toBe(
    'Wait for it, or look at: [the runs of erp](group erp)',
  );
  expect(said('Protect them (group add-pair, or another group); dismissed with: sitepair volumes --dismiss PATH')).toBe(
    "Protect them (a pair added in the group's settings, or another group); dismissed with: [Volumes](volumes)",
  );
  expect(said('Copy it anew: sitepair group add-pair erp /a/x.img::/b/x.img --overwrite --confirm erp.')).toBe(
    'Copy it anew: [Settings of erp](group-settings erp).',
  );
  expect(said('rewrite it (never by hand: verify --repair rewrites it), then start again.')).toBe(
    'rewrite it (never by hand: Verify, where it is to mend, rewrites it), then start again.',
  );
  expect(said('A new one: sitepair reprotect erp --replace pair-1=PATH --confirm erp.')).toBe(
    'A new one: [Reprotect erp to new volumes](wizard reprotect erp).',
  );
});

test('what the window has no page for stays the command that it is', () => {
  expect(said('Drop points (sitepair points erp --drop ID --confirm erp), or move it.')).toBe(
    'Drop points ([the page of erp](group erp)), or move it.',
  );
  expect(said('See `sitepair runs`.')).toBe('See `sitepair runs`.');
  expect(said('What lies in /replica/sitepair could not be read.')).toBe(
    'What lies in /replica/sitepair could not be read.',
  );
  expect(said('Look at that: sitepair volumes --json')).toBe('Look at that: `sitepair volumes --json`');
});

test('a moment is said in the zone of this machine', () => {
  const [part] = partsOf('Not answered since 2026-05-03T23:30:00.120Z.', now);
  expect(part?.text).toMatch(/^Not answered since 2026-05-0[34] \d\d:\d\d:\d\d [+-]\d\d:\d\d\.$/);
});
