import { isJsonObject } from '../is-json-object';
import type { Patch, WholeInstance } from '../protocol';

/** The content of one frame. */
export interface Batch {
  /** What changed. */
  readonly patches: readonly Patch[];
  /** Position after these patches; `""` if the server gives none. */
  readonly cursor: string;
  /** The instance whose whole state the patches are, if so. */
  readonly whole?: WholeInstance | undefined;
  /** Id of an event that the server is done with. */
  readonly ack?: string | undefined;
  /** Why it was refused. */
  readonly error?: string | undefined;
}

/** Reads a frame: an array of patches, or an envelope around one. Anything else is logged and ignored. */
export function readBatch(text: string): Batch {
  const frame = parse(text);
  if (Array.isArray(frame)) return { patches: frame.filter(isPatch), cursor: '' };
  const { patches, cursor, whole, ack, error } = isJsonObject(frame) ? frame : {};
  if (!Array.isArray(patches)) {
    console.error('[nasc] The server sent something other than a list of patches:', text);
    return { patches: [], cursor: '' };
  }
  return {
    patches: patches.filter(isPatch),
    cursor: typeof cursor === 'string' ? cursor : '',
    whole: asWhole(whole),
    ack: typeof ack === 'string' ? ack : undefined,
    error: typeof error === 'string' ? error : undefined,
  };
}

/** Reads the data of an SSE event that announces a whole state. */
export function readWhole(text: string): WholeInstance | undefined {
  return asWhole(parse(text));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    console.info('[nasc] The server sent something other than JSON.', error);
    return undefined;
  }
}

function asWhole(value: unknown): WholeInstance | undefined {
  const [type, instance]: unknown[] = Array.isArray(value) ? value : [];
  return typeof type === 'string' && typeof instance === 'string' ? [type, instance] : undefined;
}

function isPatch(value: unknown): value is Patch {
  return isJsonObject(value) && 'action' in value;
}
