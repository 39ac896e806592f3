/**
 * Pages that stand alone: no script, nothing loaded, readable in any browser for as long as there are any. Whatever is
 * put into them is escaped, unless it is markup made here.
 */

import { momentOf } from './moments.ts';

export class Markup {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

type Part = string | number | Markup | readonly Markup[];

/** A template whose values are escaped. */
export function html(texts: TemplateStringsArray, ...values: readonly Part[]): Markup {
  return new Markup(texts.map((text, n) => text + (n < values.length ? written(values[n] ?? '') : '')).join(''));
}

export const nothing = new Markup('');

function written(part: Part): string {
  if (part instanceof Markup) return part.text;
  if (typeof part === 'object') return part.map(({ text }) => text).join('');
  return escaped(String(part).replace(isoMoment, momentOf));
}

/** As it is, to the letter: what a hash is taken of. Moments in anything else are said in the zone of this machine. */
export function verbatim(text: string): Markup {
  return new Markup(`<span class="mono">${escaped(text)}</span>`);
}

/** A moment that is not broken into lines. `iso` is ISO 8601. */
export function moment(iso: string): Markup {
  return new Markup(`<span class="moment">${escaped(momentOf(iso))}</span>`);
}

const isoMoment = /\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g;

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/**
 * A table; a cell that is empty is a dash. Nothing where there are no rows. `below`: what stands under each row, as
 * wide as the table, where it is not nothing.
 */
export function table(
  columns: readonly string[],
  rows: readonly (readonly (string | Markup)[])[],
  below: readonly Markup[] = [],
): Markup {
  if (rows.length === 0) return nothing;
  const cell = (content: string | Markup): Markup => html`<td>${content === '' ? '–' : content}</td>`;
  return html`<table>
    <thead>
      <tr>
        ${columns.map((column) => html`<th scope="col">${column}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${rows.map(
        (row, n) =>
          html`<tr>
              ${row.map(cell)}
            </tr>
            ${under(below[n] ?? nothing, columns.length)}`,
      )}
    </tbody>
  </table>`;
}

function under(content: Markup, columns: number): Markup {
  return content === nothing
    ? nothing
    : html`<tr class="below">
        <td colspan="${columns}">${content}</td>
      </tr> `;
}

/** Facts, each with its name; those that are null are left out. */
export function facts(known: readonly (readonly [string, string | Markup] | null)[]): Markup {
  const rows = known.flatMap((fact) =>
    fact === null
      ? []
      : [
          html`<dt>${fact[0]}</dt>
            <dd>${fact[1]}</dd> `,
        ],
  );
  return html`<dl>${rows}</dl>`;
}

/** A section; nothing where its content is. */
export function section(title: string, content: Markup): Markup {
  return content.text === ''
    ? nothing
    : html`<section>
        <h2>${title}</h2>
        ${content}
      </section> `;
}

/** Lines for a shell. */
export function commands(...lines: readonly string[]): Markup {
  return html`<pre>${lines.join('\n')}</pre>`;
}

export function list(items: readonly string[]): Markup {
  return items.length === 0
    ? nothing
    : html`<ul>
        ${items.map((item) => html`<li>${item}</li> `)}
      </ul>`;
}

/** A whole page. `foot`: who made it and when. */
export function page(title: string, body: Markup, foot: string): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'" />
        <meta name="viewport" content="width=device-width" />
        <title>${title}</title>
        <style>
          ${new Markup(style)}
        </style>
      </head>
      <body>
        <h1>${title}</h1>
        ${body}
        <footer>${foot}</footer>
      </body>
    </html> `.text;
}

const style = `
@page { size: A4; margin: 16mm 14mm; }
* { box-sizing: border-box; }
body { font: 13px/1.45 'IBM Plex Sans', system-ui, sans-serif; color: #15202a; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 22px; margin: 0 0 .6rem; }
h2 { font-size: 15px; margin: 1.6rem 0 .4rem; border-bottom: 1px solid #c0cbd4; padding-bottom: .2rem; break-after: avoid; }
h3 { font-size: 13px; margin: 1rem 0 .3rem; break-after: avoid; }
p.lead { font-size: 15px; margin: .2rem 0 .8rem; }
dl { display: grid; grid-template-columns: 11rem 1fr; gap: .2rem 1rem; margin: .4rem 0; }
dt { color: #4d5f6d; }
dd { margin: 0; overflow-wrap: anywhere; }
table { width: 100%; border-collapse: collapse; margin: .4rem 0; }
th { text-align: left; color: #4d5f6d; font-weight: 500; border-bottom: 1px solid #c0cbd4; padding: .25rem .5rem .25rem 0; }
td { vertical-align: top; border-bottom: 1px solid #e4eaef; padding: .25rem .5rem .25rem 0; overflow-wrap: break-word; }
tr { break-inside: avoid; }
tr:has(+ .below) td { border-bottom: 0; }
.moment { white-space: nowrap; }
code, pre, .mono { font: 12px/1.5 'IBM Plex Mono', ui-monospace, monospace; overflow-wrap: anywhere; }
pre { background: #f2f5f7; border: 1px solid #dbe2e8; border-radius: 4px; padding: .5rem .7rem; white-space: pre-wrap; break-inside: avoid; }
.below, .below pre { break-inside: auto; }
.below pre { font-size: 10.5px; line-height: 1.3; margin: .2rem 0; }
ul, ol { margin: .3rem 0; padding-left: 1.3rem; }
footer { margin-top: 2rem; padding-top: .5rem; border-top: 1px solid #c0cbd4; color: #4d5f6d; font-size: 11px; }
@media print { body { margin: 0; max-width: none; padding: 0; } }
`;
