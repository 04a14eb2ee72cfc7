import { captureState, type StatePlace } from '../../capture-state';
import { StoreError } from '../../store-error';
import { committing, isPlainObject, type StoreClass } from './broken-values';
import { ReferenceStore } from './reference-store';
import { broken, type BrokenStore } from './zoo-target';

/** A store that takes the state in its own way. */
function capturing(take: (full: unknown) => unknown): StoreClass {
  return class extends ReferenceStore {
    protected override capture(full: unknown, place: StatePlace): string {
      return super.capture(take(full), place);
    }
  };
}

/** A store whose capture is JSON.stringify, after a refusal of what `refuse` names. */
function stringifying(replacer?: (key: string, value: unknown) => unknown): StoreClass {
  return class extends ReferenceStore {
    protected override capture(full: unknown, place: StatePlace): string {
      if (typeof full !== 'object' || full === null || Array.isArray(full)) return super.capture(full, place);
      try {
        return JSON.stringify(full, replacer);
      } catch (cause) {
        throw new StoreError('STORE_INVALID_STATE', 'The state cannot be written.', { ...place, cause });
      }
    }
  };
}

/** Group V, what JSON cannot say. */
export const brokenRefusals: readonly BrokenStore[] = [
  broken('V6', 'NaN becomes null', stringifying()),
  broken(
    'V7',
    'holes become null',
    capturing((full) => fillHoles(full)),
  ),
  broken(
    'V7',
    'undefined becomes null',
    stringifying((_, value) => (value === undefined ? null : value)),
  ),
  broken('V8', 'dates become strings', stringifying()),
  broken('V8', 'maps become {}', stringifying()),
  broken(
    'V8',
    'commit writes dates as strings',
    committing((full, place) => captureState(full instanceof Date ? full : datesToText(full), place)),
  ),
  broken('V9', 'functions are left out', stringifying()),
  broken('V10', 'toJSON is applied', stringifying()),
  broken('V11', 'cycles are cut', cuttingCycles()),
  broken(
    'V12',
    'refuses objects without a prototype',
    class extends ReferenceStore {
      protected override capture(full: unknown, place: StatePlace): string {
        if (isBareWithin(full)) throw new StoreError('STORE_INVALID_STATE', 'A class instance.', place);
        return super.capture(full, place);
      }
    },
  ),
  broken(
    'V21',
    'deletes before it checks',
    class extends ReferenceStore {
      override async persist(
        type: string,
        id: string,
        diff: Record<string, unknown> | null,
        full: unknown,
      ): Promise<void> {
        const row = this.row(type, id);
        this.world.rows.delete(this.rowKey(type, id));
        try {
          this.capture(full, { type, id });
          if (row !== undefined) this.world.rows.set(this.rowKey(type, id), row);
        } finally {
          await super.persist(type, id, diff, full);
        }
      }
    },
  ),
  broken(
    'V21',
    'a refusal takes a rev',
    class extends ReferenceStore {
      override async persist(
        type: string,
        id: string,
        diff: Record<string, unknown> | null,
        full: unknown,
      ): Promise<void> {
        const row = this.row(type, id);
        if (JSON.stringify(full).includes('null') && row !== undefined)
          this.world.rows.set(this.rowKey(type, id), { ...row, rev: row.rev + 1 });
        await super.persist(type, id, diff, full);
      }
    },
  ),
];

function datesToText(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString();
  if (!isPlainObject(value) || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, datesToText(child)]));
}

function fillHoles(value: unknown): unknown {
  if (!Array.isArray(value)) {
    return isPlainObject(value) &&
      Object.getPrototypeOf(value) === Object.prototype &&
      !('self' in value) &&
      !('deep' in value)
      ? Object.fromEntries(Object.entries(value).map(([key, child]) => [key, fillHoles(child)]))
      : value;
  }
  return Array.from(value as unknown[], (child) => child ?? null);
}

function cuttingCycles(): StoreClass {
  return class extends ReferenceStore {
    protected override capture(full: unknown, place: StatePlace): string {
      const seen = new Set<unknown>();
      const cut = JSON.stringify(full, (_, value: unknown) => {
        if (typeof value !== 'object' || value === null) return value;
        if (seen.has(value)) return null;
        seen.add(value);
        return value;
      });
      return super.capture(JSON.parse(cut), place);
    }
  };
}

/** Whether an object has no prototype, as far as six levels down. */
function isBareWithin(value: unknown, levels = 6): boolean {
  if (typeof value !== 'object' || value === null || levels === 0) return false;
  if (Object.getPrototypeOf(value) === null) return true;
  return Object.entries(value).some(([key, child]) => key !== 'computed' && isBareWithin(child, levels - 1));
}
