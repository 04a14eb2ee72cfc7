import { crc32 } from 'node:zlib';
import type { CommitOptions, CommitResult, ListOptions, Loaded, Write } from '../../store';
import type { ReferenceWorld } from './reference-world';
import { ReferenceStore } from './reference-store';
import { StoreError } from '../../store-error';
import { turn } from '../turns';
import { broken, type BrokenStore } from './zoo-target';

/** A store that finds its rows by another key. */
function keyed(rowKey: (type: string, id: string) => string): new (world: ReferenceWorld) => ReferenceStore {
  return class extends ReferenceStore {
    protected override rowKey(type: string, id: string): string {
      return rowKey(type, id);
    }
  };
}

/** A store that changes names before it uses them. */
function renaming(rename: (name: string) => string): new (world: ReferenceWorld) => ReferenceStore {
  return keyed((type, id) => JSON.stringify([rename(type), rename(id)]));
}

/** A store that takes names for something else before they are checked. */
function converting(convert: (name: unknown) => string): new (world: ReferenceWorld) => ReferenceStore {
  return class extends ReferenceStore {
    override load(type: string, id: string): Promise<unknown> {
      return super.load(convert(type), convert(id));
    }
    override persist(
      type: string,
      id: string,
      diff: Record<string, unknown> | null,
      full: unknown,
    ): Promise<void> {
      return super.persist(convert(type), convert(id), diff, full);
    }
  };
}

/** A store that finds its rows by a hash of type and id. */
function hashed(
  step: (hash: number, byte: number) => number,
  start: number,
): new (world: ReferenceWorld) => ReferenceStore {
  return keyed((type, id) => String(Buffer.from(JSON.stringify([type, id])).reduce(step, start)));
}

const UUID = /^\{?[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}\}?$/;
const WORDS = /^(order|group|select|table)$/i;

/** Loads what was asked for in one turn together, and finds each by its id. */
class BatchedLoadsStore extends ReferenceStore {
  #types: Map<string, string> | undefined;
  protected override async readLoaded(type: string, id: string): Promise<Loaded | null> {
    if (this.#types === undefined) setImmediate(() => (this.#types = undefined));
    const types = (this.#types ??= new Map<string, string>());
    if (!types.has(id)) types.set(id, type);
    await turn();
    return super.readLoaded(types.get(id) ?? type, id);
  }
}

/** Broken in ways of group I. */
export const brokenIdentity: readonly BrokenStore[] = [
  broken(
    'I1',
    'joins with a colon',
    keyed((type, id) => `${type}:${id}`),
  ),
  broken(
    'I1',
    'joins with NUL',
    keyed((type, id) => `${type}\u0000${id}`),
  ),
  broken(
    'I1',
    'joins with nothing',
    keyed((type, id) => type + id),
  ),
  broken(
    'I2',
    'folds case',
    renaming((name) => name.toLowerCase()),
  ),
  broken(
    'I2',
    'folds the case of types',
    keyed((type, id) => JSON.stringify([type.toLowerCase(), id])),
  ),
  broken(
    'I2',
    'UUIDs have no case',
    renaming((name) =>
      /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(name) ? name.toLowerCase() : name,
    ),
  ),
  broken(
    'I3',
    'strips punctuation',
    renaming((name) => name.replace(/[-_.]/g, '')),
  ),
  broken(
    'I3',
    'strips table names',
    keyed((type, id) => JSON.stringify([type.replace(/[^\p{L}\p{N}\s_]/gu, ''), id])),
  ),
  broken(
    'I3',
    'repeated slashes are one',
    renaming((name) => name.replace(/\/{2,}/g, '/')),
  ),
  broken(
    'I3',
    'UUIDs have no hyphens and braces',
    renaming((name) => (UUID.test(name) ? name.replace(/[{}-]/g, '') : name)),
  ),
  broken(
    'I4',
    'trims',
    renaming((name) => name.trim()),
  ),
  broken(
    'I4',
    'pads',
    renaming((name) => name.trimEnd()),
  ),
  broken(
    'I5',
    'normalises',
    renaming((name) => name.normalize('NFC')),
  ),
  broken(
    'I5',
    'normalises for compatibility',
    renaming((name) => name.normalize('NFKC')),
  ),
  broken(
    'I5',
    'hiragana and katakana are one',
    renaming((name) =>
      name.replace(/[\u30a1-\u30f6]/g, (kana) => String.fromCharCode(kana.charCodeAt(0) - 0x60)),
    ),
  ),
  broken(
    'I5',
    'all emoji are one',
    renaming((name) => name.replace(/[\u{10000}-\u{10ffff}]/gu, '\ufffd')),
  ),
  broken(
    'I5',
    'a character is one byte',
    keyed((type, id) => JSON.stringify([type, Buffer.from(id, 'latin1').toString('latin1')])),
  ),
  broken(
    'I6',
    'digits of all scripts are one',
    renaming((name) => name.replace(/[\u0660-\u0669]/g, (digit) => String(digit.charCodeAt(0) - 0x660))),
  ),
  broken(
    'I6',
    'ids are numbers where they can',
    renaming((name) => (/^[\d.]+$/.test(name) ? String(Number(name)) : name)),
  ),
  broken(
    'I7',
    'resolves paths',
    renaming((name) => new URL(`file:///${name.replaceAll('%', '%25')}`).pathname),
  ),
  broken(
    'I7',
    'decodes percent signs',
    renaming((name) => name.replaceAll('%2F', '/').replaceAll('%2e', '.').replaceAll('a_', 'ab')),
  ),
  broken(
    'I8',
    'keeps rows in a plain object',
    class extends ReferenceStore {
      override async load(type: string, id: string): Promise<unknown> {
        return id in {} ? {} : super.load(type, id);
      }
    },
  ),
  broken(
    'I9',
    'an empty id is no id',
    class extends ReferenceStore {
      override async load(type: string, id: string): Promise<unknown> {
        return id ? super.load(type, id) : null;
      }
    },
  ),
  broken(
    'I9',
    'an empty type is a type',
    converting((name) => (name === '' ? '(empty)' : (name as string))),
  ),
  broken(
    'I10',
    'turns names into strings',
    converting((name) => (typeof name === 'symbol' ? 'symbol' : `${name as string}`)),
  ),
  broken(
    'I10',
    'mends malformed names',
    converting((name) => (typeof name === 'string' ? name.toWellFormed() : (name as string))),
  ),
  broken(
    'I10',
    'commit mends malformed ids',
    class extends ReferenceStore {
      override async commit(writes: readonly Write[], options?: CommitOptions): Promise<CommitResult> {
        const mend = (write: Write) =>
          typeof write.id === 'string' ? { ...write, id: write.id.toWellFormed() } : write;
        return super.commit(writes.map(mend), options);
      }
    },
  ),
  broken(
    'I10',
    'loadVersioned mends malformed ids',
    class extends ReferenceStore {
      override async loadVersioned(type: string, id: string): Promise<Loaded | null> {
        return super.loadVersioned(type, typeof id === 'string' ? id.toWellFormed() : id);
      }
    },
  ),
  broken(
    'I10',
    'remove mends malformed ids',
    class extends ReferenceStore {
      override async remove(type: string, id: string, options?: { ifRev?: number }): Promise<boolean> {
        return super.remove(type, typeof id === 'string' ? id.toWellFormed() : id, options);
      }
    },
  ),
  broken(
    'I10',
    'list mends malformed types',
    class extends ReferenceStore {
      override async list(type: string, options?: ListOptions): Promise<string[]> {
        return super.list(typeof type === 'string' ? type.toWellFormed() : type, options);
      }
    },
  ),
  broken(
    'I11',
    'cuts names at 255',
    renaming((name) => name.slice(0, 255)),
  ),
  broken(
    'I11',
    'cuts names at 60,000',
    renaming((name) => name.slice(0, 60_000)),
  ),
  broken(
    'I11',
    'cuts the middle out of long names',
    renaming((name) =>
      name.length > 255 ? `${name.slice(0, 120)}…${name.length}…${name.slice(-120)}` : name,
    ),
  ),
  broken(
    'I12',
    'an id is enough',
    keyed((_, id) => JSON.stringify(id)),
  ),
  broken(
    'I12',
    'makes plurals',
    keyed((type, id) => JSON.stringify([type.endsWith('s') ? type : `${type}s`, id])),
  ),
  broken('I12', 'tells the loads of a turn apart by id only', BatchedLoadsStore),
  broken(
    'I13',
    'finds rows by a hash, 31 h + c',
    hashed((hash, byte) => (Math.imul(hash, 31) + byte) | 0, 0),
  ),
  broken(
    'I13',
    'finds rows by a hash, FNV-1a',
    hashed((hash, byte) => Math.imul(hash ^ byte, 16_777_619), 0x811c9dc5),
  ),
  broken(
    'I13',
    'finds rows by a hash, CRC-32',
    keyed((type, id) => String(crc32(JSON.stringify([type, id])))),
  ),
  broken(
    'I13',
    'does not quote',
    class extends ReferenceStore {
      protected override rowKey(type: string, id: string): string {
        if (WORDS.test(type)) throw new StoreError('STORE_IO', 'syntax error');
        return super.rowKey(type, id);
      }
    },
  ),
  broken(
    'I13',
    'joins with a percent sign',
    keyed((type, id) => `${type}%${id}`),
  ),
];
