import type { Loaded } from '../../store';
import type { StoreClass } from './broken-values';
import { ReferenceStore, type ZooWrite } from './reference-store';
import { broken, type BrokenStore } from './zoo-target';

type State = Record<string, unknown>;

/** A store that leaves a property as it was where it takes the new value for the same. */
export function leaving(isSame: (now: unknown, before: unknown, key: string) => boolean): StoreClass {
  return class extends ReferenceStore {
    protected override encode(text: string, { type, id }: ZooWrite): string {
      const before = JSON.parse(this.row(type, id)?.text ?? '{}') as State;
      return leave(text, before, (key, now) => Object.hasOwn(before, key) && isSame(now, before[key], key));
    }
  };
}

/** The state of a text, with the earlier values of some properties. */
function leave(text: string, before: State, isSame: (key: string, now: unknown) => boolean): string {
  const entries = Object.entries(JSON.parse(text) as State);
  return JSON.stringify(
    Object.fromEntries(entries.map(([key, now]) => [key, isSame(key, now) ? before[key] : now])),
  );
}

/** A store that writes nothing where it takes the new text for the same. */
export function skipping(isSame: (text: string, before: string) => boolean): StoreClass {
  return class extends ReferenceStore {
    protected override encode(text: string, { type, id }: ZooWrite): string {
      const before = this.row(type, id)?.text ?? '';
      return isSame(text, before) ? before : text;
    }
  };
}

export const asTexts = (isSame: (now: string, before: string) => boolean) =>
  leaving((now, before) => typeof now === 'string' && typeof before === 'string' && isSame(now, before));

/** The JSON of a value down to some depth. */
function shallow(value: unknown, levels: number): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (levels === 0) return '…';
  if (Array.isArray(value)) return `[${value.map((child) => shallow(child, levels - 1)).join()}]`;
  return Object.entries(value)
    .map(([key, child]) => `${key}:${shallow(child, levels - 1)}`)
    .join();
}

/** A store each of whose handles remembers the state that it wrote last, until it loads. */
abstract class Remembering extends ReferenceStore {
  readonly #written = new Map<string, string>();

  protected abstract update(text: string, written: string, before: string): string;

  protected override encode(text: string, { type, id }: ZooWrite): string {
    const key = this.rowKey(type, id);
    const written = this.#written.get(key);
    this.#written.set(key, text);
    const before = this.row(type, id)?.text ?? null;
    return written === undefined || before === null ? text : this.update(text, written, before);
  }

  protected override readLoaded(type: string, id: string): Promise<Loaded | null> {
    this.#written.delete(this.rowKey(type, id));
    return super.readLoaded(type, id);
  }
}

/** How many characters are kept in one place. */
const PIECE = 65_536;

const looseNumber = (value: unknown) => (typeof value === 'object' ? NaN : Number(value));

/** Broken in what is written over an earlier state. */
export const brokenUpdates: readonly BrokenStore[] = [
  broken(
    'D3',
    'a handle skips what it wrote last itself',
    class extends Remembering {
      protected update(text: string, written: string, before: string): string {
        return text === written ? before : text;
      }
    },
  ),
  broken(
    'D3',
    'a handle writes what differs from what it wrote last itself',
    class extends Remembering {
      protected update(text: string, written: string, before: string): string {
        const known = JSON.parse(written) as State;
        const there = JSON.parse(before) as State;
        const isKnown = (key: string, now: unknown) =>
          Object.hasOwn(there, key) && JSON.stringify(known[key]) === JSON.stringify(now);
        return leave(text, there, isKnown);
      }
    },
  ),
  broken(
    'D3',
    'does not write 1 over "1"',
    leaving((now, before) => looseNumber(now) === looseNumber(before)),
  ),
  broken(
    'D3',
    'does not write what differs by case',
    asTexts((now, before) => now.toLowerCase() === before.toLowerCase()),
  ),
  broken(
    'D3',
    'does not write what differs by trailing spaces',
    asTexts((now, before) => now.trimEnd() === before.trimEnd()),
  ),
  broken(
    'D3',
    'does not write a number that is nearly the same',
    leaving(
      (now, before) => typeof now === 'number' && typeof before === 'number' && Math.abs(now - before) < 1e-9,
    ),
  ),
  broken(
    'D3',
    'does not see changes deeper than four levels',
    leaving((now, before) => shallow(now, 4) === shallow(before, 4)),
  ),
  broken(
    'D3',
    'does not see changes deeper than 50 levels',
    leaving((now, before) => shallow(now, 50) === shallow(before, 50)),
  ),
  broken(
    'D3',
    'compares the length and the first 4 KiB',
    skipping(
      (text, before) =>
        text.length > 4_096 &&
        text.length === before.length &&
        text.slice(0, 4_096) === before.slice(0, 4_096),
    ),
  ),
  broken(
    'D3',
    'compares the length, the first 30,000 and the last 30,000 characters',
    skipping(
      (text, before) =>
        text.length === before.length &&
        text.slice(0, 30_000) === before.slice(0, 30_000) &&
        text.slice(-30_000) === before.slice(-30_000),
    ),
  ),
  broken(
    'B11',
    'equal states are one blob, which goes with the first that is overwritten',
    class extends ReferenceStore {
      protected override put(write: ZooWrite): number {
        const before = this.row(write.type, write.id)?.text ?? '';
        const rev = super.put(write);
        if (before.length <= 40 || before === write.full || write.full === null) return rev;
        for (const [key, row] of this.world.rows)
          if (row.text === before) this.world.rows.set(key, { ...row, text: '' });
        return rev;
      }
    },
  ),
  broken(
    'V13',
    'updates are pointers without escapes',
    leaving((_now, _before, key) => /[/~]/.test(key)),
  ),
  broken(
    'V18',
    'what is behind a shorter text stays',
    class extends ReferenceStore {
      protected override encode(text: string, { type, id }: ZooWrite): string {
        const pieces = Math.max(1, Math.ceil(text.length / PIECE));
        return text + (this.row(type, id)?.text ?? '').slice(pieces * PIECE);
      }
    },
  ),
  broken(
    'V18',
    'a removal leaves what is behind the first piece',
    class extends ReferenceStore {
      protected override put(write: ZooWrite): number {
        const key = this.rowKey(write.type, write.id);
        if (write.full === null)
          this.world.scratch.set(key, this.row(write.type, write.id)?.text?.slice(PIECE));
        else if (write.full.length >= PIECE) this.world.scratch.delete(key);
        return super.put(write);
      }
      protected override encode(text: string, { type, id }: ZooWrite): string {
        const left = this.world.scratch.get(this.rowKey(type, id)) as string | undefined;
        return text + (left ?? '');
      }
    },
  ),
];
