/** What was proved of a group's ways while all was well, for a page that is read when it is not. */
import { againOf, wayTitle, wayWords, type Readiness } from '../contract/readiness.ts';
import { html, moment, table, type Markup } from './markup.ts';

/** Null where nothing was ever looked at. */
export function readinessPart(readiness: Readiness | undefined): Markup | null {
  const proof = readiness?.proof ?? null;
  if (readiness === undefined || proof === null) return null;
  const rows = proof.ways.map((way) => {
    const again = againOf(readiness, way.way);
    const said = way.findings.map(({ found, remedy }) => `${found} ${remedy}`.trim());
    return [
      wayTitle(way),
      again === null ? wayWords(way) : 'to be looked at again',
      [...(again === null ? said : [again]), ...way.later].join(' '),
    ];
  });
  return html`<p>As it was found at ${moment(proof.at)} by ${proof.operator}.</p>
    ${table(['Way', 'Found', 'What is to be known'], rows)}`;
}
