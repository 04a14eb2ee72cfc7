import type { Store } from '@nasc/store-core';

/** A store of two methods, as an application may write it, that remembers its calls. */
export interface RecordingStore extends Store {
  readonly calls: unknown[][];
  readonly states: Map<string, unknown>;
}

/** @param initial states by `type:id`. */
export function recordingStore(initial: Record<string, unknown> = {}): RecordingStore {
  const calls: unknown[][] = [];
  const states = new Map(Object.entries(initial));
  return {
    calls,
    states,
    load: async (...args) => {
      calls.push(['load', ...args]);
      return structuredClone(states.get(`${args[0]}:${args[1]}`) ?? null);
    },
    persist: async (...args) => {
      calls.push(['persist', ...args]);
      const [type, id, , full] = args as [string, string, unknown, unknown];
      states.set(`${type}:${id}`, JSON.parse(JSON.stringify(full)));
    },
  };
}
