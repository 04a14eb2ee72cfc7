import { diffState, instanceKey, type JsonObject } from '@nasc/store-core';
import type { Patch } from '@nasc/client';
import type { Channel, Follower } from './channel';
import type { Snapshot, Version } from '../instances/instance-store';
import { diffPatches } from './state-patches';
import type { Viewer } from './viewer';

/** The current state of an instance. */
export interface Publication {
  /** Type of the instance. */
  type: string;
  /** Its id. */
  id: string;
  /** `null` once removed. */
  state: JsonObject | null;
  /** The version of `state`. */
  version: Version;
  /** The patches from `since` to this version, if they are already known. */
  patches?: readonly Patch[];
  /** The version that `patches` start from. */
  since?: Version;
}

/**
 * Who views what in this process. All viewers of a channel are at the channel's version, so one comparison
 * serves them all. Calls about one instance come in order: each is made in that instance's turn.
 */
export class Channels {
  readonly #channels = new Map<string, Channel>();
  readonly #fromHandler: (state: JsonObject) => JsonObject;

  /** @param fromHandler makes a state that others could change the channels' own. */
  constructor(fromHandler: (state: JsonObject) => JsonObject) {
    this.#fromHandler = fromHandler;
  }

  /** Where the viewers of an instance are; not to be changed. `undefined` without viewers. */
  snapshot(type: string, id: string): Snapshot | undefined {
    const channel = this.#channels.get(instanceKey(type, id));
    return channel && { state: channel.state, version: channel.version };
  }

  /**
   * Begin to view what was just published. Does nothing for a viewer who has disconnected.
   *
   * @param patches the whole state. A viewer that has resumed already has it, and gets only `schemas`.
   */
  join(
    viewer: Viewer,
    publication: Publication,
    patches: readonly Patch[],
    schemas: readonly Patch[] = [],
  ): void {
    const channel = this.#enter(viewer, publication);
    if (channel === undefined) return;
    if (viewer.takeResumed(channel)) viewer.send(schemas);
    else viewer.enter(channel, patches);
  }

  /** As {@link Channels.join}, after a lost connection. Without `patches` nothing has changed. */
  resume(viewer: Viewer, publication: Publication, patches: readonly Patch[] | undefined): void {
    const channel = this.#enter(viewer, publication);
    if (channel !== undefined) viewer.resume(channel, patches);
  }

  /** Tell the viewers of an instance its current state. Ignores versions older than the current one. */
  publish({ type, id, state, version, patches, since }: Publication): void {
    const channel = this.#channels.get(instanceKey(type, id));
    if (channel === undefined || isOutdated(channel.version, version)) return;
    const before = channel.state;
    const known = patches !== undefined && since !== undefined && isSame(channel.version, since);
    channel.state = this.#fromHandler(state ?? {});
    channel.version = version;
    const news = known ? patches : diffPatches(type, id, diffState(before, channel.state), before);
    for (const viewer of channel.viewers) viewer.advance(channel, news, before);
  }

  /** Whether a viewer gets the patches of an instance. */
  isViewing(viewer: Viewer, type: string, id: string): boolean {
    const channel = this.#channels.get(instanceKey(type, id));
    return channel !== undefined && viewer.views(channel);
  }

  /** Whether a viewer has yet to mount an instance: it does not view it, or has only resumed it. */
  awaitsMount(viewer: Viewer, type: string, id: string): boolean {
    const channel = this.#channels.get(instanceKey(type, id));
    return channel === undefined || !viewer.views(channel) || viewer.hasResumed(channel);
  }

  /** A viewer has disconnected: remove it everywhere. */
  leave(viewer: Viewer): void {
    const left = [...viewer.channels];
    viewer.disconnect();
    for (const channel of left) this.#remove(viewer, channel);
  }

  /** End one view of a viewer that stays connected. */
  close(viewer: Follower, { type, id }: { type: string; id: string }): void {
    const channel = this.#channels.get(instanceKey(type, id));
    if (channel === undefined) return;
    viewer.leave(channel);
    this.#remove(viewer, channel);
  }

  /** Every view there is. */
  views(): { viewer: Follower; type: string; id: string }[] {
    return [...this.#channels.values()].flatMap(({ type, id, viewers }) =>
      [...viewers].map((viewer) => ({ viewer, type, id })),
    );
  }

  #enter(viewer: Viewer, { type, id, state, version }: Publication): Channel | undefined {
    if (viewer.isDisconnected) return undefined;
    const key = instanceKey(type, id);
    let channel = this.#channels.get(key);
    if (channel === undefined) {
      channel = { type, id, state: this.#fromHandler(state ?? {}), version, viewers: new Set() };
      this.#channels.set(key, channel);
    }
    channel.viewers.add(viewer);
    return channel;
  }

  #remove(viewer: Follower, channel: Channel): void {
    channel.viewers.delete(viewer);
    if (channel.viewers.size === 0) this.#channels.delete(instanceKey(channel.type, channel.id));
  }
}

/** Revs of different epochs cannot be compared. */
function isOutdated(known: Version, version: Version): boolean {
  return known.epoch === version.epoch && version.rev <= known.rev;
}

function isSame(a: Version, b: Version): boolean {
  return a.epoch === b.epoch && a.rev === b.rev;
}
