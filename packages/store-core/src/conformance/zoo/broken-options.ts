import type { CommitOptions, CommitResult, ListOptions, Write } from '../../store';
import { ReferenceStore } from './reference-store';
import { broken, type BrokenStore } from './zoo-target';

/** Broken in what becomes of options, and of the lists that are given away. */
export const brokenOptions: readonly BrokenStore[] = [
  broken(
    'A7',
    'reads the eventId after an await',
    class extends ReferenceStore {
      override async commit(writes: readonly Write[], options?: CommitOptions): Promise<CommitResult> {
        const [only] = Array.isArray(writes) ? writes : [];
        if (options?.eventId === undefined || only === undefined || writes.length > 1)
          return super.commit(writes, options);
        const { type, id, full } = only;
        const text = full === null ? null : this.capture(full, { type, id, index: 0 });
        await Promise.resolve();
        return super.commit([{ ...only, full: text === null ? null : this.decode(text) }], options);
      }
    },
  ),
  broken(
    'A7',
    'reads the ifRev of a removal after an await',
    class extends ReferenceStore {
      override async remove(type: string, id: string, options?: { ifRev?: number }): Promise<boolean> {
        await Promise.resolve();
        return super.remove(type, id, options);
      }
    },
  ),
  broken(
    'A7',
    'reads the limit of a page after an await',
    class extends ReferenceStore {
      override async list(type: string, options?: ListOptions): Promise<string[]> {
        await Promise.resolve();
        return super.list(type, options);
      }
    },
  ),
  broken(
    'A7',
    'gives its cached list away',
    class extends ReferenceStore {
      readonly #lists = new Map<string, { ids: string[]; text: string }>();
      override async list(type: string, options?: ListOptions): Promise<string[]> {
        const ids = await super.list(type, options);
        const key = JSON.stringify([type, options]);
        const cached = this.#lists.get(key);
        if (cached?.text === ids.join('\n')) return cached.ids;
        this.#lists.set(key, { ids, text: ids.join('\n') });
        return ids;
      }
    },
  ),
  broken(
    'E4',
    'takes an `after` that is no text',
    class extends ReferenceStore {
      override list(type: string, options?: ListOptions): Promise<string[]> {
        const after: unknown = options?.after;
        return super.list(
          type,
          typeof after === 'string' ? { ...options, after: after.toWellFormed() } : options,
        );
      }
    },
  ),
  broken(
    'E4',
    'takes options that are none',
    class extends ReferenceStore {
      override list(type: string, { after, limit }: ListOptions = {}): Promise<string[]> {
        return super.list(type, { after, limit });
      }
    },
  ),
  broken(
    'R9',
    'takes a misspelt ifRev',
    class extends ReferenceStore {
      override commit(writes: readonly Write[], options?: CommitOptions): Promise<CommitResult> {
        const known = ({ type, id, diff, full, ifRev }: Write): Write => ({ type, id, diff, full, ifRev });
        return super.commit(Array.isArray(writes) ? writes.map(known) : writes, options);
      }
    },
  ),
  broken(
    'R9',
    'takes a misspelt eventId',
    class extends ReferenceStore {
      override commit(writes: readonly Write[], options?: CommitOptions): Promise<CommitResult> {
        return super.commit(writes, options && { eventId: options.eventId });
      }
    },
  ),
  broken(
    'R9',
    'removes with a misspelt ifRev',
    class extends ReferenceStore {
      override remove(type: string, id: string, options?: { ifRev?: number }): Promise<boolean> {
        return super.remove(type, id, options && { ifRev: options.ifRev });
      }
    },
  ),
  broken(
    'P5',
    'writes down where a page ended',
    class extends ReferenceStore {
      override async list(type: string, options?: ListOptions): Promise<string[]> {
        const ids = await super.list(type, options);
        if (options?.after !== undefined) this.world.counters.rowsWritten++;
        return ids;
      }
    },
  ),
];
