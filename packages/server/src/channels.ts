import { diffState, instanceKey, type JsonObject } from '@nasc/store-core';
import type { Patch } from '@nasc/client';
import type { Channel } from './channel';
import type { Snapshot, Version } from './instance-store';
import { diffPatches } from './state-patches';
import type { Viewer } from './viewer';

/** An instance as it is now. */
export interface Publication {
  type: string;
  id: string;
  /** `null` once removed. */
  state: JsonObject | null;
  version: Version;
  /** The patches from `since` to this version, where they are known already. */
  patches?: readonly Patch[];
  since?: Version;
}

/**
 * Who views what in this process. Every viewer of a channel stands where the channel stands, so one
 * comparison serves them all. Calls for one instance come in order: each is made in its turn.
 */
export class Channels {
  readonly #channels = new Map<string, Channel>();
  readonly #keep: (state: JsonObject) => JsonObject;

  /** @param keep makes a state that others may change one that is only the channels'. */
  constructor(keep: (state: JsonObject) => JsonObject) {
    this.#keep = keep;
  }

  /** Where the viewers of an instance stand; not to be changed. `undefined` when there are none. */
  snapshot(type: string, id: string): Snapshot | undefined {
    const channel = this.#channels.get(instanceKey(type, id));
    return channel && { state: channel.state, version: channel.version };
  }

  /** Begin to view what was just published; `patches` are the whole state. Too late for one who is gone. */
  join(viewer: Viewer, { type, id, state, version }: Publication, patches: readonly Patch[]): void {
    if (viewer.isGone) return;
    const key = instanceKey(type, id);
    let channel = this.#channels.get(key);
    if (channel === undefined) {
      channel = { type, id, state: this.#keep(state ?? {}), version, viewers: new Set() };
      this.#channels.set(key, channel);
    }
    channel.viewers.add(viewer);
    viewer.enter(channel, patches);
  }

  /** Tell the viewers of an instance what it is now. What is older than what they have is no news. */
  publish({ type, id, state, version, patches, since }: Publication): void {
    const channel = this.#channels.get(instanceKey(type, id));
    if (channel === undefined || isNoNews(channel.version, version)) return;
    const before = channel.state;
    const known = patches !== undefined && since !== undefined && isSame(channel.version, since);
    channel.state = this.#keep(state ?? {});
    channel.version = version;
    const news = known ? patches : diffPatches(type, id, diffState(before, channel.state), before);
    for (const viewer of channel.viewers) viewer.advance(channel, news, before);
  }

  /** Whether a viewer gets the patches of an instance. */
  isViewing(viewer: Viewer, type: string, id: string): boolean {
    const channel = this.#channels.get(instanceKey(type, id));
    return channel !== undefined && viewer.views(channel);
  }

  /** A viewer is gone, from everywhere. */
  leave(viewer: Viewer): void {
    const left = [...viewer.channels];
    viewer.go();
    for (const channel of left) {
      channel.viewers.delete(viewer);
      if (channel.viewers.size === 0) this.#channels.delete(instanceKey(channel.type, channel.id));
    }
  }
}

/** Revs of different epochs say nothing of each other. */
function isNoNews(known: Version, version: Version): boolean {
  return known.epoch === version.epoch && version.rev <= known.rev;
}

function isSame(a: Version, b: Version): boolean {
  return a.epoch === b.epoch && a.rev === b.rev;
}
