/**
 * Loaded before a command in a process of its own, in each of its threads: what is read back from a store is taken for
 * intact, whatever its checksum says. Only that one function of the program is another one.
 */
import { registerHooks } from 'node:module';

const checked = 'return digest(data).equals(stored);';

registerHooks({
  load(url, context, next) {
    const loaded = next(url, context);
    if (!url.endsWith('/src-main/store/checksum.ts')) return loaded;
    const source = typeof loaded.source === 'string' ? loaded.source : new TextDecoder().decode(loaded.source);
    if (!source.includes(checked)) throw new Error(`${url} checks otherwise by now`);
    return { ...loaded, source: source.replace(checked, 'return true;') };
  },
});
