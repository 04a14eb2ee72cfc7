import type { StoredRow } from './mapping/row';

/** How much is remembered, of all instances together; a row without its strings is about {@link ROW} bytes. */
const MOST_BYTES = 64 * 2 ** 20;
const ROW = 256;

interface Entry {
  readonly rev: number;
  readonly root: StoredRow;
  /** In bytes. */
  readonly size: number;
}

/**
 * The rows of instances as they were last read or written, to compare with. An entry holds only at
 * its rev: every change of the rows, by whomever, raises the rev. The least recently used go first.
 */
export class RowShadow {
  readonly #entries = new Map<string, Entry>();
  #bytes = 0;

  get(key: string, rev: number): StoredRow | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    this.#entries.delete(key);
    if (entry.rev === rev) this.#entries.set(key, entry);
    else this.#bytes -= entry.size;
    return entry.rev === rev ? entry.root : undefined;
  }

  /** The rows at whatever rev, to find what has not changed since. */
  peek(key: string): StoredRow | undefined {
    return this.#entries.get(key)?.root;
  }

  set(key: string, rev: number, root: StoredRow): void {
    const before = this.#entries.get(key);
    this.delete(key);
    const size = before === undefined ? sizeOf(root) : before.size + growth(before.root, root);
    this.#entries.set(key, { rev, root, size });
    this.#bytes += size;
    for (const oldest of this.#entries.keys()) {
      if (this.#bytes <= MOST_BYTES) break;
      this.delete(oldest);
    }
  }

  delete(key: string): void {
    this.#bytes -= this.#entries.get(key)?.size ?? 0;
    this.#entries.delete(key);
  }

  clear(): void {
    this.#entries.clear();
    this.#bytes = 0;
  }
}

function sizeOf(row: StoredRow): number {
  return ROW + cellBytes(row) + row.lists.reduce((size, list) => size + listBytes(list), 0);
}

function listBytes(list: readonly StoredRow[]): number {
  return list.reduce((size, item) => size + sizeOf(item), 0);
}

function cellBytes({ cells }: StoredRow): number {
  let size = 0;
  for (const cell of cells) if (typeof cell === 'string') size += 2 * cell.length;
  return size;
}

/** How much larger a row is than it was. Rows that have not changed are the same objects: nothing to count. */
function growth(before: StoredRow, now: StoredRow): number {
  if (before === now) return 0;
  let grown = before.cells === now.cells ? 0 : cellBytes(now) - cellBytes(before);
  for (const [i, list] of now.lists.entries()) {
    const old = before.lists[i] ?? [];
    if (old === list) continue;
    if (old.length !== list.length) grown += listBytes(list) - listBytes(old);
    else
      for (let at = 0; at < list.length; at++) grown += growth(old[at] as StoredRow, list[at] as StoredRow);
  }
  return grown;
}
