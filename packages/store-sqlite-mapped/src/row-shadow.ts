import type { StoredRow } from './mapping/row';

/** How many rows are remembered, of all instances together. */
const MOST_ROWS = 100_000;

interface Entry {
  readonly rev: number;
  readonly root: StoredRow;
  readonly size: number;
}

/**
 * The rows of instances as they were last read or written, to compare with. An entry holds only at
 * its rev: every change of the rows, by whomever, raises the rev. The least recently used go first.
 */
export class RowShadow {
  readonly #entries = new Map<string, Entry>();
  #rows = 0;

  get(key: string, rev: number): StoredRow | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    this.#entries.delete(key);
    if (entry.rev === rev) this.#entries.set(key, entry);
    else this.#rows -= entry.size;
    return entry.rev === rev ? entry.root : undefined;
  }

  /** The rows at whatever rev, to find what has not changed since. */
  peek(key: string): StoredRow | undefined {
    return this.#entries.get(key)?.root;
  }

  set(key: string, rev: number, root: StoredRow): void {
    this.delete(key);
    const size = sizeOf(root);
    this.#entries.set(key, { rev, root, size });
    this.#rows += size;
    for (const oldest of this.#entries.keys()) {
      if (this.#rows <= MOST_ROWS) break;
      this.delete(oldest);
    }
  }

  delete(key: string): void {
    this.#rows -= this.#entries.get(key)?.size ?? 0;
    this.#entries.delete(key);
  }

  clear(): void {
    this.#entries.clear();
    this.#rows = 0;
  }
}

function sizeOf(row: StoredRow): number {
  let size = 1;
  for (const list of row.lists) {
    // Items of one list are of one type: where one has no lists, none has.
    if (list[0]?.lists.length === 0) size += list.length;
    else for (const item of list) size += sizeOf(item);
  }
  return size;
}
