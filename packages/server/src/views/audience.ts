/**
 * `views/`: who views which instance, how far each viewer has got, and the patches that take it further. Not
 * here: how they travel (`http/`), what caused them (`events/`).
 */
import type { Patch } from '@nasc/client';
import { instanceKey, type Hint, type JsonObject } from '@nasc/store-core';
import type { Background } from '../instances/background';
import { Channels, type Publication } from './channels';
import type { Position } from './cursor';
import type { InstanceStore, Snapshot } from '../instances/instance-store';
import { statePatches } from './state-patches';
import type { TurnQueue } from '../instances/turn-queue';
import type { Viewer } from './viewer';
import { visiblePatches } from './visible-patches';

/** What an audience is made of. */
export interface AudienceOptions {
  /** Where the instances are. */
  store: InstanceStore;
  /** One turn at a time for each instance. */
  turns: TurnQueue;
  /** For work that only `close()` waits for. */
  background: Background;
  /** Makes a state that others could change the audience's own. */
  fromHandler: (state: JsonObject) => JsonObject;
}

/** What a commit announces. */
export interface Announcement {
  /** What changed, for whoever caused it. */
  patches: readonly Patch[];
  /** The instances that were written, the event's own first. */
  publications: readonly Publication[];
}

/**
 * Everyone who views instances in this process. They are told about the commits made here and, if the store
 * can be watched, about those made elsewhere. News about an instance is told in that instance's turn.
 */
export class Audience {
  readonly #store: InstanceStore;
  readonly #turns: TurnQueue;
  readonly #background: Background;
  readonly #channels: Channels;
  #watching: Promise<(() => Promise<void>) | undefined> | undefined;

  constructor({ store, turns, background, fromHandler }: AudienceOptions) {
    this.#store = store;
    this.#turns = turns;
    this.#background = background;
    this.#channels = new Channels(fromHandler);
  }

  /** Start watching for commits by other processes. Call once, before there are viewers. */
  watch(failed: (error: unknown) => void): void {
    this.#watching ??= this.#store
      .watch?.((hint) => this.#onHint(hint))
      .catch((error: unknown) => void failed(error));
  }

  /** Resolves once no commit can go unseen. */
  async watched(): Promise<void> {
    await this.#watching;
  }

  /** Stop watching for commits by other processes. */
  async unwatch(): Promise<void> {
    const unwatch = await this.#watching;
    await unwatch?.();
  }

  /** The state that the viewers of an instance have; `undefined` without viewers. Not to be changed. */
  snapshot(type: string, id: string): Snapshot | undefined {
    return this.#channels.snapshot(type, id);
  }

  /**
   * Let tabs view an instance; called in its turn. Each tab is checked on its own, since anyone can claim a
   * client id. A tab that already views it keeps what its user typed: it is sent the state again only if no
   * tab is waiting for this mount.
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

  /** Continue from where a viewer was cut off: it gets the whole state of each instance that has changed. */
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
   * Tell everyone what an event did; called in the turn of its own instance. The viewers of other instances
   * are told in the turns of those; the sender's tabs are also told about instances they do not view.
   */
  async publish(
    { publications: [own, ...others], patches }: Announcement,
    sender: Iterable<Viewer>,
  ): Promise<void> {
    for (const other of others) {
      const publish = async (): Promise<void> => this.#channels.publish(other);
      this.#background.run(() => this.#turns.run(instanceKey(other.type, other.id), publish));
    }
    if (own !== undefined) this.#channels.publish(own);
    for (const viewer of sender) {
      const rest = patches.filter((patch) => !this.#getsAnyway(viewer, patch));
      viewer.send(await visiblePatches(viewer, rest));
    }
  }

  /** End the views of those who have lost the right to them. */
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
    // A mount under way could have loaded the state before this commit, and be about to view it.
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
