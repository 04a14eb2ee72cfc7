import type { JsonObject } from '../../json-value';
import type { CommitOptions, CommitResult, Loaded, Write } from '../../store';
import { ReferenceStore } from './reference-store';
import { broken, type BrokenStore } from './zoo-target';

type Diff = Record<string, unknown> | null;

/** Broken in ways of group A. */
export const brokenIsolation: readonly BrokenStore[] = [
  broken(
    'A1',
    'keeps the object that it was given',
    class extends ReferenceStore {
      override async persist(type: string, id: string, diff: Diff, full: unknown): Promise<void> {
        await super.persist(type, id, diff, full);
        this.world.scratch.set(this.rowKey(type, id), full);
      }
      override async load(type: string, id: string): Promise<unknown> {
        const kept = this.world.scratch.get(this.rowKey(type, id));
        return kept === undefined ? super.load(type, id) : structuredClone(kept);
      }
    },
  ),
  broken(
    'A2',
    'captures after an await',
    class extends ReferenceStore {
      override async persist(type: string, id: string, diff: Diff, full: unknown): Promise<void> {
        await Promise.resolve();
        await super.persist(type, id, diff, full);
      }
    },
  ),
  broken(
    'A2',
    'captures when it has opened',
    class extends ReferenceStore {
      #warm = false;
      override async persist(type: string, id: string, diff: Diff, full: unknown): Promise<void> {
        if (!this.#warm) await this.loadVersioned(type, id);
        this.#warm = true;
        await super.persist(type, id, diff, full);
      }
    },
  ),
  broken(
    'A2',
    'captures when the queue is empty',
    class extends ReferenceStore {
      #last: Promise<unknown> = Promise.resolve();
      #busy = 0;
      override async persist(type: string, id: string, diff: Diff, full: unknown): Promise<void> {
        const last = this.#last;
        const work = async (): Promise<void> => {
          if (this.#busy++ > 0) await last;
          await super.persist(type, id, diff, full);
        };
        this.#last = work();
        await this.#last;
        this.#busy--;
      }
    },
  ),
  broken(
    'A3',
    'gives its cached object away',
    class extends ReferenceStore {
      readonly #cache = new Map<string, Loaded>();
      override async load(type: string, id: string): Promise<unknown> {
        const loaded = await this.loadVersioned(type, id);
        const cached = this.#cache.get(this.rowKey(type, id));
        if (cached !== undefined && cached.rev === loaded?.rev) return cached.state;
        if (loaded !== null) this.#cache.set(this.rowKey(type, id), loaded);
        return loaded?.state ?? null;
      }
    },
  ),
  broken(
    'A4',
    'parallel loads share one answer',
    class extends ReferenceStore {
      readonly #loading = new Map<string, Promise<unknown>>();
      override load(type: string, id: string): Promise<unknown> {
        const key = this.rowKey(type, id);
        const loading =
          this.#loading.get(key) ?? super.load(type, id).finally(() => this.#loading.delete(key));
        this.#loading.set(key, loading);
        return loading;
      }
    },
  ),
  broken(
    'A5',
    'writes a version into its argument',
    class extends ReferenceStore {
      override async persist(type: string, id: string, diff: Diff, full: unknown): Promise<void> {
        const writing = super.persist(type, id, diff, full);
        if (typeof full === 'object' && full !== null && !Object.isFrozen(full))
          Object.assign(full, { _version: 1 });
        await writing;
      }
    },
  ),
  broken(
    'A5',
    'cannot take frozen arguments',
    class extends ReferenceStore {
      override async persist(type: string, id: string, diff: Diff, full: unknown): Promise<void> {
        const state = full as { text?: unknown } | null;
        if (state?.text !== undefined) state.text = String(state.text);
        await super.persist(type, id, diff, full);
      }
    },
  ),
  broken(
    'A6',
    'keeps the diff',
    class extends ReferenceStore {
      override async persist(type: string, id: string, diff: Diff, full: unknown): Promise<void> {
        const { text } = (diff ?? {}) as { text?: unknown };
        await super.persist(type, id, diff, text === undefined ? full : { ...(full as object), text });
      }
    },
  ),
  broken(
    'A6',
    'validates the diff',
    class extends ReferenceStore {
      override async persist(type: string, id: string, diff: Diff, full: unknown): Promise<void> {
        if (diff !== null && diff !== undefined) this.capture({ ...diff }, { type, id });
        await super.persist(type, id, diff, full);
      }
    },
  ),
  broken(
    'A7',
    'commit captures after an await',
    class extends ReferenceStore {
      override async commit(writes: readonly Write[], options?: CommitOptions): Promise<CommitResult> {
        await Promise.resolve();
        return super.commit(writes, options);
      }
    },
  ),
  broken(
    'A7',
    'all listeners get one hint',
    class extends ReferenceStore {
      readonly #listeners = new Set<Parameters<ReferenceStore['watch']>[0]>();
      override async watch(listener: Parameters<ReferenceStore['watch']>[0]): Promise<() => Promise<void>> {
        if (this.#listeners.size === 0)
          await super.watch((hint) => this.#listeners.forEach((each) => each(hint)));
        this.#listeners.add(listener);
        return async () => void this.#listeners.delete(listener);
      }
    },
  ),
  broken(
    'A7',
    'loadVersioned gives one object',
    class extends ReferenceStore {
      readonly #states = new Map<string, JsonObject>();
      override async loadVersioned(type: string, id: string): Promise<Loaded | null> {
        const loaded = await super.loadVersioned(type, id);
        if (loaded === null) return null;
        const key = `${this.rowKey(type, id)}@${loaded.rev}`;
        const state = this.#states.get(key) ?? loaded.state;
        this.#states.set(key, state);
        return { ...loaded, state };
      }
    },
  ),
];
