/** Where the window stood last, kept beside the catalog. Never a reason to fail: without it the window opens anew. */
import { readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import type { Rectangle } from 'electron';

const stateSchema = z.object({
  bounds: z.object({ x: z.int(), y: z.int(), width: z.int().min(400), height: z.int().min(300) }),
  maximized: z.boolean(),
});
/** Position and size in the system's own pixels. */
export type WindowState = z.infer<typeof stateSchema>;

/** How much of the window's top edge has to be on a screen, so that it can be taken hold of. */
const holdPixels = 100;

function canBeHeld(bounds: Rectangle, area: Rectangle): boolean {
  const across = Math.min(bounds.x + bounds.width, area.x + area.width) - Math.max(bounds.x, area.x);
  return across >= holdPixels && bounds.y >= area.y && bounds.y + holdPixels <= area.y + area.height;
}

/** The state kept in `file`; null where there is none, or where it lies on a screen that is there no more. */
export function readWindowState(file: string, workAreas: readonly Rectangle[]): WindowState | null {
  try {
    const state = stateSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
    return workAreas.some((area) => canBeHeld(state.bounds, area)) ? state : null;
  } catch {
    return null;
  }
}

/** Keeps the state; where that fails, the window opens as it did before. */
export function keepWindowState(file: string, state: WindowState): void {
  try {
    writeFileSync(file, JSON.stringify(state), { mode: 0o600 });
  } catch {
    // A full disk must not keep the window from closing.
  }
}
