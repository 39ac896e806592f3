/**
 * A page that shows one part of the window with the properties that a test gives. What cannot cross from its process
 * is described: `{ snippet: html }`, `{ cell: field }` (a row's snippet), `{ calls: name }` (a function whose calls are
 * kept).
 */
import '@fontsource/ibm-plex-sans/latin-400.css';
import '@fontsource/ibm-plex-sans/latin-500.css';
import '@fontsource/ibm-plex-mono/latin-400.css';
import '../../../src-renderer/tokens.css';
import '../../../src-renderer/base.css';
import { createRawSnippet, mount, type Component } from 'svelte';
import { z } from 'zod';
import { beginLive } from '../../../src-renderer/state/live.svelte.ts';
import { theme } from '../../../src-renderer/state/theme.svelte.ts';

const folder = '../../../src-renderer/';
const parts = import.meta.glob<{ default: Component }>([
  '../../../src-renderer/App.svelte',
  '../../../src-renderer/{kit,views,wizards}/**/*.svelte',
]);

const standIn = z.union([
  z.strictObject({ snippet: z.string() }),
  z.strictObject({ cell: z.string() }),
  z.strictObject({ calls: z.string() }),
]);

const kept: { name: string; given: unknown[] }[] = [];
let shown = $state<Record<string, unknown>>({});

function escaped(text: unknown): string {
  const holder = document.createElement('td');
  holder.textContent = String(text);
  return holder.innerHTML;
}

function propertyOf(value: unknown): unknown {
  const parsed = standIn.safeParse(value);
  if (!parsed.success) return value;
  const { data } = parsed;
  if ('snippet' in data) return createRawSnippet(() => ({ render: () => data.snippet }));
  if ('cell' in data) {
    return createRawSnippet((row: () => Record<string, unknown>) => ({
      render: () => `<td>${escaped(row()[data.cell])}</td>`,
    }));
  }
  return (...given: unknown[]) => {
    kept.push({ name: data.calls, given });
  };
}

const gallery = {
  /** Shows a part ("kit/Button") in the place of what was shown. */
  async show(name: string, properties: Record<string, unknown>): Promise<void> {
    const load = parts[`${folder}${name}.svelte`];
    const place = document.getElementById('place');
    if (load === undefined || place === null) throw new Error(`there is no part ${name}`);
    const { default: part } = await load();
    shown = Object.fromEntries(Object.entries(properties).map(([key, value]) => [key, propertyOf(value)]));
    mount(part, { target: place, props: shown });
  },
  /** Changes properties of what is shown. */
  change(properties: Record<string, unknown>): void {
    for (const [key, value] of Object.entries(properties)) shown[key] = propertyOf(value);
  },
  /** The calls of functions that were given, in order. */
  calls: () => kept,
  /** The properties as they are now: a part may have written those that are bound. */
  properties: () => $state.snapshot(shown),
};
Object.assign(globalThis, { gallery });

await theme.load();
await beginLive();
document.documentElement.dataset['ready'] = '';
