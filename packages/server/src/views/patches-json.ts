import type { Patch } from '@nasc/client';

const written = new WeakMap<readonly Patch[], string>();

/**
 * Patches as JSON, serialized once for all viewers that get the same array. The array must not be changed.
 */
export function patchesJson(patches: readonly Patch[]): string {
  const known = written.get(patches);
  if (known !== undefined) return known;
  const json = JSON.stringify(patches);
  written.set(patches, json);
  return json;
}
