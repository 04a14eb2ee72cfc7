import type { Patch } from '@nasc/client';
import { instanceKey } from '@nasc/store-core';
import type { Viewer } from './viewer';

/** The patches of instances that the viewer may see, and those of no instance. */
export async function visiblePatches(viewer: Viewer, patches: readonly Patch[]): Promise<Patch[]> {
  const answers = new Map<string, Promise<boolean>>();
  const mayView = (type: string, id: string): Promise<boolean> => {
    const key = instanceKey(type, id);
    const answer = answers.get(key) ?? viewer.mayView(type, id);
    answers.set(key, answer);
    return answer;
  };
  const kept = patches.map(async (patch) =>
    patch.action === 'error' || (await mayView(patch.type, patch.instance)) ? [patch] : [],
  );
  return (await Promise.all(kept)).flat();
}
