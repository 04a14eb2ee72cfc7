/**
 * What crosses the wire between the browser and the engine, both ways. The server imports it from here, so
 * that there is one copy. Shapes are those of the original client; what is ours on top is optional.
 */

/** A JSON Schema as the server sends it: an object of keywords, `true` or `false`. */
export type JsonSchema = { readonly [keyword: string]: unknown } | boolean;

/**
 * A message of the browser to the server: one WebSocket frame, or the JSON body of `POST /nasc/event`.
 *
 * `event: "mount"` is sent once for each scope after each (re)connection, with payload `{}`.
 */
export interface ClientMessage {
  /** Name of the handler's method, or `mount`. */
  event: string;
  /** Id of the instance. A missing one counts as `""`. */
  instance: string;
  /** Type of the instance, as in `na-type`. */
  type: string;
  /** Data for the handler; the strings and booleans of a form, the `data-*` of a button. */
  payload: Record<string, unknown>;
  /** Names the browser, not the tab: two tabs send the same one. */
  clientId?: string;
  /**
   * Makes the event take effect once, however often it is sent by its client. The server says when it is done
   * with it: over HTTP by its answer, over {@link WS_SUBPROTOCOL} by {@link Envelope.ack}.
   */
  eventId?: string;
}

/** One top-level property of an instance: all of them on mount, the changed ones after an event. */
export interface BindUpdatePatch {
  action: 'bindUpdate';
  instance: string;
  type: string;
  /** Name of the top-level property. */
  prop: string;
  /** The new value. Of a removed property: `null`, or `[]` where it was an array. */
  value: unknown;
  /** Present, and `true`, when the property is no longer there. */
  removed?: true;
}

/** The schema of a type; on mount before the values, the child types of its arrays after it. */
export interface SchemaPatch {
  action: 'schema';
  instance: string;
  type: string;
  schema: JsonSchema;
}

/** Something the server refused. */
export interface ErrorPatch {
  action: 'error';
  message: string;
}

/** What the server sends. The transports carry arrays of it. */
export type Patch = BindUpdatePatch | SchemaPatch | ErrorPatch;

/**
 * What a WebSocket frame to the client holds when the client asked for {@link WS_SUBPROTOCOL}; without it a
 * frame is the bare array of patches. On SSE the cursor is the `id:` of the event instead.
 */
export interface Envelope {
  /** Position in the server's stream, opaque to the client; given back to resume. Empty where there is none. */
  cursor: string;
  patches: Patch[];
  /** The instance whose whole state the patches are: what they do not name, it no longer has. */
  whole?: WholeInstance;
  /** Id of an event that the server is done with, durably, or else says why not in `error`. */
  ack?: string;
  /** Why the event of `ack` was refused. */
  error?: string;
}

/**
 * The type and id of an instance. On SSE an event named {@link WHOLE_EVENT} with this as its data goes before
 * the patches that are a whole state; on WebSocket it stands in the envelope.
 */
export type WholeInstance = readonly [type: string, instance: string];

/** The name of the SSE event that says what the next patches are. */
export const WHOLE_EVENT = 'whole';

/** The WebSocket subprotocol by which a client asks for {@link Envelope}s. */
export const WS_SUBPROTOCOL = 'nasc.v2';
