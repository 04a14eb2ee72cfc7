import type { Patch } from '../protocol';

/** Patches that came together, and the cursor where the frame had one. */
export interface Batch {
  readonly patches: readonly Patch[];
  readonly cursor: string;
}

/** Reads a frame: an array of patches, or an envelope around one. Anything else is logged and counts as empty. */
export function readBatch(text: string, cursor = ''): Batch {
  try {
    const frame: unknown = JSON.parse(text);
    if (Array.isArray(frame)) return { patches: frame.filter(isPatch), cursor };
    const { patches, cursor: given } = Object(frame) as { patches?: unknown; cursor?: unknown };
    if (Array.isArray(patches)) {
      return { patches: patches.filter(isPatch), cursor: typeof given === 'string' ? given : cursor };
    }
    console.error('[nasc] The server sent something that is no list of patches:', frame);
  } catch (error) {
    console.error('[nasc] The server sent something that is no JSON:', error);
  }
  return { patches: [], cursor };
}

function isPatch(value: unknown): value is Patch {
  return typeof value === 'object' && value !== null && 'action' in value;
}
