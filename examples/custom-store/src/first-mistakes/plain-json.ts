import { JsonRowsStore } from './json-rows-store';

/** Mistakes 9 and 10: JSON.stringify, unchecked, writes a Date as a string and NaN as null. */
export class PlainJson extends JsonRowsStore {
  override async persist(type: string, id: string, _diff: unknown, full: unknown): Promise<void> {
    this.rows.set(this.keyOf(type, id), JSON.stringify(full));
  }
}
