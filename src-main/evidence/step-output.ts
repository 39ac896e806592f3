/** What a step of the recovery plan printed, on a page: whole where it is short, else how it began and how it ended. */
import { html, nothing, type Markup } from './markup.ts';

/** Characters shown of the begin, and of the end. */
const shownOfEach = 8 << 10;

/** Nothing where it printed nothing. `runId`: the run that has all that was kept. */
export function stepOutput(output: string, runId: string): Markup {
  const text = output.trimEnd();
  if (text === '') return nothing;
  const left = text.length - 2 * shownOfEach;
  if (left <= 0) return html`<pre>${text}</pre>`;
  return html`<pre>${text.slice(0, shownOfEach)}</pre>
    <p>${left} characters are left out here. The run has them: <code>sitepair runs show ${runId}</code></p>
    <pre>${text.slice(-shownOfEach)}</pre>`;
}
