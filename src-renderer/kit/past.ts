/**
 * Whether what is shown was said of a group that has changed since. The operations that it advised would do something
 * else now, so its sentences name them and lead to none.
 */
import { getContext, setContext } from 'svelte';

const key = Symbol('past');

/** For all that a part shows below itself; called while the part is made. */
export function tellPast(past: () => boolean): void {
  setContext(key, past);
}

/** As told by a part above; called while the part is made. */
export function toldPast(): () => boolean {
  return getContext<(() => boolean) | undefined>(key) ?? (() => false);
}
