import { JsonRowsStore } from './json-rows-store';

/** A cure for mistake 9 that is one itself: whatever looks like a date comes back as one. */
export class RevivedDates extends JsonRowsStore {
  override async load(type: string, id: string): Promise<unknown> {
    return JSON.parse(this.read(type, id) ?? 'null', (_key, value: unknown) =>
      typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value) ? new Date(value) : value,
    );
  }
}
