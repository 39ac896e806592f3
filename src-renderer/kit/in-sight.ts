/** Of a line with more on it than there is room for: what is in sight. */
import { untrack } from 'svelte';
import type { Attachment } from 'svelte/attachments';

/**
 * Keeps the end of a list in sight until its scroller is moved away from it. `last` is read to know when the list has
 * become another; `picked`: the item to begin with instead of the end, by its place; -1 for none.
 */
export function endInSight(last: () => unknown, picked: () => number): Attachment<HTMLElement> {
  let atEnd = true;
  let begun = false;
  return (scroller) => {
    const note = (): void => {
      atEnd = scroller.scrollLeft + scroller.clientWidth > scroller.scrollWidth - 8;
    };
    scroller.addEventListener('scroll', note);
    const items = scroller.firstElementChild;
    if (last() !== undefined && atEnd && items instanceof HTMLElement) {
      const item = begun ? undefined : items.children[untrack(picked)];
      begun = true;
      if (!(item instanceof HTMLElement)) scroller.scrollLeft = scroller.scrollWidth;
      else scroller.scrollLeft = item.offsetLeft - items.offsetLeft - scroller.clientWidth / 2;
    }
    return () => scroller.removeEventListener('scroll', note);
  };
}
