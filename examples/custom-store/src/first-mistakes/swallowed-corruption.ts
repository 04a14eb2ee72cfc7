import { JsonRowsStore } from './json-rows-store';

/** Mistake 4: what cannot be read is taken for what is not there. */
export class SwallowedCorruption extends JsonRowsStore {
  override async load(type: string, id: string): Promise<unknown> {
    const text = this.read(type, id);
    try {
      return JSON.parse(text ?? 'null');
    } catch {
      return null;
    }
  }
}
