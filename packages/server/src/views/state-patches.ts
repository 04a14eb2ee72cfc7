import type { BindUpdatePatch } from '@nasc/client';

/** One patch for each property of a state, as sent on mount. */
export function statePatches(type: string, instance: string, state: object): BindUpdatePatch[] {
  return Object.entries(state)
    .filter(([, value]) => value !== undefined)
    .map(([prop, value]) => ({ action: 'bindUpdate', instance, type, prop, value }));
}

/**
 * One patch for each property of a diff, as sent after an event.
 *
 * @param previous the state before the event, which shows whether a removed value was an array: its patch has
 *   the value `[]`.
 */
export function diffPatches(
  type: string,
  instance: string,
  diff: Record<string, unknown>,
  previous: object,
): BindUpdatePatch[] {
  return Object.entries(diff).map(([prop, value]) => {
    if (value !== undefined) return { action: 'bindUpdate', instance, type, prop, value };
    const before: unknown = Object.hasOwn(previous, prop) ? Reflect.get(previous, prop) : undefined;
    const nothing = Array.isArray(before) ? [] : null;
    return { action: 'bindUpdate', instance, type, prop, value: nothing, removed: true };
  });
}
