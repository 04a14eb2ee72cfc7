import type { Patch } from '@nasc/client';
import { diffState, type JsonObject } from '@nasc/store-core';
import type { Channel } from './channel';
import { writeCursor, type Position } from './cursor';
import { diffPatches } from './state-patches';

/** One way to one browser tab. */
export interface Connection {
  /** Send patches; `cursor` is where the viewer stands after them, `""` when it views nothing. */
  send(patches: readonly Patch[], cursor: string): void;
  /** Whether so much is unsent that no more should be given. */
  isCongested(): boolean;
  /** Whether the one at the other end may see an instance. */
  mayView(type: string, id: string): Promise<boolean>;
}

/** Who views instances through one connection, and how far each of them got. */
export class Viewer {
  readonly #connection: Connection;
  readonly #positions = new Map<Channel, Position>();
  /** What was not sent for want of room, with the state that the viewer has instead. */
  readonly #missed = new Map<Channel, JsonObject>();
  #isGone = false;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** The channels this viewer is on. */
  get channels(): Iterable<Channel> {
    return this.#positions.keys();
  }

  /** Whether its connection has ended. */
  get isGone(): boolean {
    return this.#isGone;
  }

  /** Its connection has ended: it views nothing from now on. */
  go(): void {
    this.#isGone = true;
    this.#positions.clear();
    this.#missed.clear();
  }

  /** Whether it gets the patches of a channel. */
  views(channel: Channel): boolean {
    return this.#positions.has(channel);
  }

  /** Whether the one at the other end may see an instance. */
  mayView(type: string, id: string): Promise<boolean> {
    return this.#connection.mayView(type, id);
  }

  /** Send what belongs to no instance that is viewed; lost when there is no room. */
  tell(patches: readonly Patch[]): void {
    if (patches.length > 0 && !this.#isGone && !this.#connection.isCongested())
      this.#connection.send(patches, this.#cursor());
  }

  /** Begin to view: `patches` bring the page to where the channel is; there are none when it is there. */
  enter(channel: Channel, patches: readonly Patch[]): void {
    this.#positions.set(channel, positionOf(channel));
    this.#missed.delete(channel);
    if (patches.length === 0) return;
    if (this.#connection.isCongested()) this.#missed.set(channel, {});
    else this.#connection.send(patches, this.#cursor());
  }

  /** Go on from `before` to where the channel is now. */
  advance(channel: Channel, patches: readonly Patch[], before: JsonObject): void {
    if (this.#missed.has(channel)) return;
    if (this.#connection.isCongested()) {
      this.#missed.set(channel, before);
      return;
    }
    this.#positions.set(channel, positionOf(channel));
    if (patches.length > 0) this.#connection.send(patches, this.#cursor());
  }

  /** There is room again: send what was missed, merged. */
  drained(): void {
    for (const [channel, before] of [...this.#missed]) {
      if (this.#connection.isCongested()) return;
      this.#missed.delete(channel);
      const { type, id, state } = channel;
      this.advance(channel, diffPatches(type, id, diffState(before, state), before), before);
    }
  }

  #cursor(): string {
    return writeCursor(
      [...this.#positions].flatMap(([channel, at]) => (this.#missed.has(channel) ? [] : [at])),
    );
  }
}

function positionOf({ type, id, version }: Channel): Position {
  return { type, id, ...version };
}
