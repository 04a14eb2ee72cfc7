import type { Patch, WholeInstance } from '@nasc/client';
import { diffState, type JsonObject } from '@nasc/store-core';
import type { Channel, Follower } from './channel';
import { writeCursor, type Position } from './cursor';
import { diffPatches, statePatches } from './state-patches';

/** A connection to one browser tab. */
export interface Connection {
  /**
   * Send patches. `cursor` is where the viewer is after them, `""` if it views nothing; `whole` is the
   * instance whose whole state they are, if so.
   */
  send(patches: readonly Patch[], cursor: string, whole?: WholeInstance): void;
  /** Whether too much is unsent to send more. */
  isCongested(): boolean;
  /** Whether the user at the other end may see an instance. */
  mayView(type: string, id: string): Promise<boolean>;
}

/** Views instances through one connection, and knows how far each of them got. */
export class Viewer implements Follower {
  readonly #connection: Connection;
  readonly #positions = new Map<Channel, Position>();
  /** What was not sent because of congestion, with the state that the viewer has instead; `null` for none. */
  readonly #missed = new Map<Channel, JsonObject | null>();
  /** What it has resumed after a lost connection and not mounted since. */
  readonly #resumed = new Set<Channel>();
  #isDisconnected = false;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** The channels this viewer is on. */
  get channels(): Iterable<Channel> {
    return this.#positions.keys();
  }

  /** Whether its connection has ended. */
  get isDisconnected(): boolean {
    return this.#isDisconnected;
  }

  /** Its connection has ended: it views nothing from now on. */
  disconnect(): void {
    this.#isDisconnected = true;
    this.#positions.clear();
    this.#missed.clear();
    this.#resumed.clear();
  }

  /** Whether it gets the patches of a channel. */
  views(channel: Channel): boolean {
    return this.#positions.has(channel);
  }

  /** Whether the user at the other end may see an instance. */
  mayView(type: string, id: string): Promise<boolean> {
    return this.#connection.mayView(type, id);
  }

  /** Send what belongs to no instance it views; dropped when congested. */
  send(patches: readonly Patch[]): void {
    if (patches.length > 0 && !this.#isDisconnected && !this.#connection.isCongested())
      this.#connection.send(patches, this.#cursor());
  }

  /** Begin to view: `patches` are the whole state. */
  enter(channel: Channel, patches: readonly Patch[]): void {
    this.#positions.set(channel, positionOf(channel));
    this.#missed.delete(channel);
    if (this.#connection.isCongested()) this.#missed.set(channel, null);
    else this.#connection.send(patches, this.#cursor(), wholeOf(channel));
  }

  /**
   * Begin to view after a lost connection. `patches` are the whole state; without them nothing has changed.
   */
  resume(channel: Channel, patches: readonly Patch[] | undefined): void {
    this.#resumed.add(channel);
    if (patches === undefined) this.#positions.set(channel, positionOf(channel));
    else this.enter(channel, patches);
  }

  /** Whether it has resumed since it last mounted. */
  hasResumed(channel: Channel): boolean {
    return this.#resumed.has(channel);
  }

  /** As {@link Viewer.hasResumed}, which means that the page has the state; false from then on. */
  takeResumed(channel: Channel): boolean {
    return this.#resumed.delete(channel);
  }

  /** Stop viewing. */
  leave(channel: Channel): void {
    this.#positions.delete(channel);
    this.#missed.delete(channel);
    this.#resumed.delete(channel);
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
      if (before === null) this.enter(channel, statePatches(type, id, state));
      else this.advance(channel, diffPatches(type, id, diffState(before, state), before), before);
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

function wholeOf({ type, id }: Channel): WholeInstance {
  return [type, id];
}
