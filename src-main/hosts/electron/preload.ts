/**
 * What the page of a window is given of the program, and nothing else. It runs in a sandbox, beside the page, in a
 * world of its own: the page sees these three and no more.
 */
import { contextBridge, ipcRenderer } from 'electron';
import type { Bridge } from '../../contract/bridge.ts';
import { channels } from './channels.ts';

type Listener = Parameters<Bridge['subscribe']>[1];

const listeners = new Map<string, Set<Listener>>();

ipcRenderer.on(channels.push, (_, name: unknown, report: unknown) => {
  for (const listener of listeners.get(String(name)) ?? []) listener(report);
});

const bridge: Bridge = {
  host: 'electron',
  invoke: (name, input) => ipcRenderer.invoke(channels.call, name, input),
  subscribe: (name, listener) => {
    const set = listeners.get(name) ?? new Set<Listener>();
    listeners.set(name, set);
    set.add(listener);
    return () => {
      set.delete(listener);
    };
  },
};

contextBridge.exposeInMainWorld('sitepair', bridge);
