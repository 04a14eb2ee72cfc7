/**
 * What crosses the wire between the browser and the engine, in both directions. The server imports it from
 * here, so that there is one copy. The shapes are those of the original client; everything beyond them is
 * optional.
 */

/** A JSON Schema as the server sends it: an object of keywords, `true` or `false`. */
export type JsonSchema = { readonly [keyword: string]: unknown } | boolean;

/**
 * A message from the browser to the server: one WebSocket frame, or the JSON body of `POST /nasc/event`.
 *
 * `event: "mount"` is sent once for each instance after each (re)connection, with payload `{}`.
 */
export interface ClientMessage {
  /** `mount`, or the name of an event: a method of the handler. */
  event: string;
  /** Id of the instance. A missing id means `""`. */
  instance: string;
  /** Type of the instance, as in `na-type`. */
  type: string;
  /** Data for the handler: the values of a form, the `data-*` attributes of a button. */
  payload: Record<string, unknown>;
  /** Names the browser, not the tab: two tabs send the same one. */
  clientId?: string;
  /**
   * Makes the event take effect once, however often its client sends it. The server says when it is done with
   * it: over HTTP with its answer, over {@link WS_SUBPROTOCOL} with {@link Envelope.ack}.
   */
  eventId?: string;
}

/** One top-level property of an instance: all of them on mount, the changed ones after an event. */
export interface BindUpdatePatch {
  /** Tells it from other patches. */
  action: 'bindUpdate';
  /** Id of the instance. */
  instance: string;
  /** Type of the instance. */
  type: string;
  /** Name of the top-level property. */
  prop: string;
  /** The new value. For a removed property: `null`, or `[]` if it was an array. */
  value: unknown;
  /** `true` if the property was removed, absent otherwise. */
  removed?: true;
}

/**
 * The schema of a type. On mount it comes before the values, followed by the schemas of the types in its
 * arrays.
 */
export interface SchemaPatch {
  /** Tells it from other patches. */
  action: 'schema';
  /** Id of the instance that is mounted. */
  instance: string;
  /** The type that the schema describes. */
  type: string;
  /** Its JSON Schema. */
  schema: JsonSchema;
}

/** Something that the server refused, or that failed. */
export interface ErrorPatch {
  /** Tells it from other patches. */
  action: 'error';
  /** What went wrong, for the user. */
  message: string;
}

/** What the server sends; transports carry arrays of patches. */
export type Patch = BindUpdatePatch | SchemaPatch | ErrorPatch;

/**
 * A WebSocket frame to a client that asked for {@link WS_SUBPROTOCOL}; without it, a frame is the bare array
 * of patches. On SSE the cursor is the `id:` of the event instead.
 */
export interface Envelope {
  /**
   * Position in the server's stream, opaque to the client, which sends it back to resume. Empty if there is
   * none.
   */
  cursor: string;
  /** What changed. */
  patches: Patch[];
  /** The instance whose whole state the patches are: any property they do not name is gone. */
  whole?: WholeInstance;
  /** Id of an event that the server is done with: it is durable, or `error` says why not. */
  ack?: string;
  /** Why the event of `ack` was refused. */
  error?: string;
}

/**
 * The type and id of an instance. On SSE, an event named {@link WHOLE_EVENT} with this as its data precedes
 * the patches that are a whole state; on WebSocket it is in the envelope.
 */
export type WholeInstance = readonly [type: string, instance: string];

/** Name of the SSE event that says whose whole state the next patches are. */
export const WHOLE_EVENT = 'whole';

/** The WebSocket subprotocol by which a client asks for {@link Envelope}s. */
export const WS_SUBPROTOCOL = 'nasc.v2';
