/** What a step of the recovery plan printed, on a page: whole where it is short, else how it began and how it ended. */
import { html, nothing, type Markup } from './markup.ts';

/** Characters shown at most of the begin, and of the end. */
const shownOfEach = 8 << 10;
/** Lines shown at most of each: with short ones that is most of a page. */
const linesOfEach = 20;

/** Nothing where it printed nothing. `runId`: the run that has all that was kept. */
export function stepOutput(output: string, runId: string): Markup {
  const text = output.trimEnd();
  if (text === '') return nothing;
  const lines = text.split('\n');
  if (lines.length <= 2 * linesOfEach && text.length <= 2 * shownOfEach) return html`<pre>${text}</pre>`;
  const begin = lines.slice(0, linesOfEach).join('\n').slice(0, shownOfEach);
  const end = lines.slice(-linesOfEach).join('\n').slice(-shownOfEach);
  const left = text.length - begin.length - end.length;
  return html`<pre>${begin}</pre>
    <p>${left} characters are left out here. The run has them: <code>sitepair runs show ${runId}</code></p>
    <pre>${end}</pre>`;
}
