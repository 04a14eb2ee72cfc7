import type { ListOptions } from '../../store';
import { StoreError } from '../../store-error';
import { ReferenceStore } from './reference-store';
import type { ReferenceRow, ReferenceWorld } from './reference-world';
import { broken, type BrokenStore } from './zoo-target';

/** A store that lists other ids than it has. */
function listing(idOf: (id: string) => string): new (world: ReferenceWorld) => ReferenceStore {
  return class extends ReferenceStore {
    protected override page(ids: readonly string[], after: string | undefined, limit: number): string[] {
      return super.page(ids, after, limit).map(idOf);
    }
  };
}

/** Takes files that end in .tmp for left-overs. */
class TidyStore extends ReferenceStore {
  protected override open(): void {
    for (const [key, { id }] of this.world.rows) if (id.endsWith('.tmp')) this.world.rows.delete(key);
  }
}

/** Broken in ways of E3 and E4 that the ids themselves, or options that are undefined, show. */
export const brokenIds: readonly BrokenStore[] = [
  broken(
    'E3',
    'lists the hash of long ids',
    listing((id) => (Buffer.byteLength(id) > 1_024 ? `sha-${id.length}` : id)),
  ),
  broken(
    'E3',
    'lists no hidden files',
    class extends ReferenceStore {
      protected override isListed(row: ReferenceRow): boolean {
        return super.isListed(row) && !row.id.startsWith('.');
      }
    },
  ),
  broken(
    'E3',
    'cuts .json off',
    listing((id) => id.replace(/(?<=.)\.json$/, '')),
  ),
  broken('E3', 'removes left-overs when it opens', TidyStore),
  broken(
    'E4',
    'refuses a limit that is undefined',
    class extends ReferenceStore {
      override async list(type: string, options?: ListOptions): Promise<string[]> {
        if (options !== undefined && 'limit' in options && options.limit === undefined)
          throw new StoreError('STORE_INVALID_ARGUMENT', 'No limit.');
        return super.list(type, options);
      }
    },
  ),
  broken(
    'E4',
    'an `after` that is undefined is a text',
    class extends ReferenceStore {
      override async list(type: string, options?: ListOptions): Promise<string[]> {
        const isText = options !== undefined && 'after' in options && options.after === undefined;
        return super.list(type, isText ? { ...options, after: 'undefined' } : options);
      }
    },
  ),
];
