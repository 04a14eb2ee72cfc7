import { diffState, instanceKey, type JsonObject } from '@nasc/store-core';
import type { Patch } from '@nasc/client';
import type { Channel } from './channel';
import type { Snapshot, Version } from '../instances/instance-store';
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

  /**
   * Begin to view what was just published. Too late for one who is gone.
   *
   * @param patches the whole state; one who has resumed has it already, and gets only what `schemas` says.
   */
  join(
    viewer: Viewer,
    publication: Publication,
    patches: readonly Patch[],
    schemas: readonly Patch[] = [],
  ): void {
    const channel = this.#enter(viewer, publication);
    if (channel === undefined) return;
    if (viewer.takeResumed(channel)) viewer.tell(schemas);
    else viewer.enter(channel, patches);
  }

  /** As {@link Channels.join}, after a break; without `patches` nothing has changed. */
  resume(viewer: Viewer, publication: Publication, patches: readonly Patch[] | undefined): void {
    const channel = this.#enter(viewer, publication);
    if (channel !== undefined) viewer.resume(channel, patches);
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

  /** Whether a viewer has yet to mount an instance: it does not view it, or has only resumed it. */
  awaitsMount(viewer: Viewer, type: string, id: string): boolean {
    const channel = this.#channels.get(instanceKey(type, id));
    return channel === undefined || !viewer.views(channel) || viewer.hasResumed(channel);
  }

  /** A viewer is gone, from everywhere. */
  leave(viewer: Viewer): void {
    const left = [...viewer.channels];
    viewer.go();
    for (const channel of left) this.#remove(viewer, channel);
  }

  /** End a view whose viewer stays. */
  close(viewer: Viewer, { type, id }: { type: string; id: string }): void {
    const channel = this.#channels.get(instanceKey(type, id));
    if (channel === undefined) return;
    viewer.leave(channel);
    this.#remove(viewer, channel);
  }

  /** Every viewer with an instance that it views. */
  views(): { viewer: Viewer; type: string; id: string }[] {
    return [...this.#channels.values()].flatMap(({ type, id, viewers }) =>
      [...viewers].map((viewer) => ({ viewer, type, id })),
    );
  }

  #enter(viewer: Viewer, { type, id, state, version }: Publication): Channel | undefined {
    if (viewer.isGone) return undefined;
    const key = instanceKey(type, id);
    let channel = this.#channels.get(key);
    if (channel === undefined) {
      channel = { type, id, state: this.#keep(state ?? {}), version, viewers: new Set() };
      this.#channels.set(key, channel);
    }
    channel.viewers.add(viewer);
    return channel;
  }

  #remove(viewer: Viewer, channel: Channel): void {
    channel.viewers.delete(viewer);
    if (channel.viewers.size === 0) this.#channels.delete(instanceKey(channel.type, channel.id));
  }
}

/** Revs of different epochs say nothing of each other. */
function isNoNews(known: Version, version: Version): boolean {
  return known.epoch === version.epoch && version.rev <= known.rev;
}

function isSame(a: Version, b: Version): boolean {
  return a.epoch === b.epoch && a.rev === b.rev;
}
