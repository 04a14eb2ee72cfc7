import type { Patch } from '@nasc/client';

/** Why a message was refused, out of what its sender is told; `undefined` when it was not. */
export function errorOf(patches: readonly Patch[]): string | undefined {
  return patches.find((patch) => patch.action === 'error')?.message;
}
