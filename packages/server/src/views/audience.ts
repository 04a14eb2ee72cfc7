import type { Patch } from '@nasc/client';
import { instanceKey, type Hint, type JsonObject } from '@nasc/store-core';
import type { Background } from '../instances/background';
import { Channels, type Publication } from './channels';
import type { Position } from './cursor';
import type { InstanceStore, Snapshot } from '../instances/instance-store';
import type { EventOutcome } from '../events/run-events';
import { statePatches } from './state-patches';
import type { TurnQueue } from '../instances/turn-queue';
import type { Viewer } from './viewer';
import { visiblePatches } from './visible-patches';

/** What an audience is of. */
export interface AudienceOptions {
  store: InstanceStore;
  turns: TurnQueue;
  background: Background;
  /** Makes a state that others may change one that is only the audience's. */
  keep: (state: JsonObject) => JsonObject;
}

/**
 * All who view instances in this process: told of the commits made here, and, where the store can be
 * watched, of those made elsewhere. What is said of an instance is said in its turns.
 */
export class Audience {
  readonly #store: InstanceStore;
  readonly #turns: TurnQueue;
  readonly #background: Background;
  readonly #channels: Channels;
  #watching: Promise<(() => Promise<void>) | undefined> | undefined;

  constructor({ store, turns, background, keep }: AudienceOptions) {
    this.#store = store;
    this.#turns = turns;
    this.#background = background;
    this.#channels = new Channels(keep);
  }

  /** Learn of commits of others. Call once, before there are viewers. */
  watch(failed: (error: unknown) => void): void {
    this.#watching ??= this.#store
      .watch?.((hint) => this.#onHint(hint))
      .catch((error: unknown) => void failed(error));
  }

  /** Resolves when no commit goes unseen any more. */
  async watched(): Promise<void> {
    await this.#watching;
  }

  /** Learn no more of commits of others. */
  async unwatch(): Promise<void> {
    const unwatch = await this.#watching;
    await unwatch?.();
  }

  /** What the viewers of an instance have of it; `undefined` when there are none. Not to be changed. */
  snapshot(type: string, id: string): Snapshot | undefined {
    return this.#channels.snapshot(type, id);
  }

  /**
   * In the instance's turn: let tabs view it. Each is let in for its own sake, since its client id may be
   * that of another. A tab that has it keeps what its user typed: it is shown the state again only when
   * the mount can be of no other.
   *
   * @param patches the schemas and the whole state.
   */
  async enter(
    viewers: Iterable<Viewer>,
    publication: Publication,
    patches: readonly Patch[],
    schemas: readonly Patch[],
  ): Promise<void> {
    const { type, id } = publication;
    this.#channels.publish(publication);
    const asked = [...viewers].map(async (viewer) => ((await viewer.mayView(type, id)) ? [viewer] : []));
    const allowed = (await Promise.all(asked)).flat();
    const waiting = allowed.filter((viewer) => this.#channels.awaitsMount(viewer, type, id));
    for (const viewer of waiting.length > 0 ? waiting : allowed)
      this.#channels.join(viewer, publication, patches, schemas);
  }

  /** Go on with what a viewer had before it was cut off: whole states, where they have changed. */
  async resume(viewer: Viewer, positions: readonly Position[]): Promise<void> {
    await this.#watching;
    const resumed = positions.map(({ type, id, epoch, rev }) =>
      this.#turns.run(instanceKey(type, id), async () => {
        if (!(await viewer.mayView(type, id))) return;
        const now = await this.#store.load(type, id);
        if (now === null) return;
        const isUnchanged = now.version.epoch === epoch && now.version.rev === rev;
        const patches = isUnchanged ? undefined : statePatches(type, id, now.state);
        this.#channels.publish({ type, id, ...now });
        this.#channels.resume(viewer, { type, id, ...now }, patches);
      }),
    );
    await Promise.all(resumed);
  }

  /**
   * In the own instance's turn: tell everybody what an event did. The viewers of the other instances are
   * told in the turns of those; its sender's tabs also of what they do not view.
   */
  async tell(
    { publications: [own, ...others], patches }: EventOutcome,
    sender: Iterable<Viewer>,
  ): Promise<void> {
    for (const other of others) {
      const publish = async (): Promise<void> => this.#channels.publish(other);
      this.#background.run(() => this.#turns.run(instanceKey(other.type, other.id), publish));
    }
    if (own !== undefined) this.#channels.publish(own);
    for (const viewer of sender) {
      const rest = patches.filter((patch) => !this.#getsAnyway(viewer, patch));
      viewer.tell(await visiblePatches(viewer, rest));
    }
  }

  /** End the views of those who may not have them any more. */
  async recheck(): Promise<void> {
    const asked = this.#channels.views().map(async ({ viewer, type, id }) => {
      if (!(await viewer.mayView(type, id))) this.#channels.close(viewer, { type, id });
    });
    await Promise.all(asked);
  }

  /** The viewer's connection is gone. */
  leave(viewer: Viewer): void {
    this.#channels.leave(viewer);
  }

  #getsAnyway(viewer: Viewer, patch: Patch): boolean {
    return patch.action !== 'error' && this.#channels.isViewing(viewer, patch.type, patch.instance);
  }

  #onHint({ type, id, rev, removed }: Hint): void {
    const key = instanceKey(type, id);
    // A mount under way may have loaded what was before, and view it in a moment.
    if (this.#channels.snapshot(type, id) === undefined && !this.#turns.isBusy(key)) return;
    const refresh = async (): Promise<void> => {
      const known = this.#channels.snapshot(type, id);
      if (known === undefined || known.version.rev >= rev) return;
      const now = await this.#store.load(type, id);
      if (now !== null) this.#channels.publish({ type, id, ...now });
      else if (removed) this.#channels.publish({ type, id, state: null, version: { ...known.version, rev } });
    };
    this.#background.run(() => this.#turns.run(key, refresh));
  }
}
