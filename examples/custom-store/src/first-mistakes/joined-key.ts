import { JsonRowsStore } from './json-rows-store';

/** Mistake 3: `A:B` + `C` and `A` + `B:C` are one key. */
export class JoinedKey extends JsonRowsStore {
  protected override keyOf(type: string, id: string): string {
    super.keyOf(type, id);
    return `${type}:${id}`;
  }
}
