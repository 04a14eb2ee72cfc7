import { captureState, type Store } from '@nasc/store-core';
import { keyOf, type RowsWorld } from './rows-world';

/** A store that is right, for the mistakes to differ from in one thing each. */
export class JsonRowsStore implements Store {
  readonly rows: Map<string, unknown>;

  constructor({ rows }: RowsWorld) {
    this.rows = rows;
  }

  async load(type: string, id: string): Promise<unknown> {
    const text = this.read(type, id);
    return text === undefined ? null : JSON.parse(text);
  }

  async persist(type: string, id: string, _diff: Record<string, unknown>, full: unknown): Promise<void> {
    this.rows.set(this.keyOf(type, id), captureState(full, { type, id }));
  }

  protected read(type: string, id: string): string | undefined {
    return this.rows.get(this.keyOf(type, id)) as string | undefined;
  }

  protected keyOf(type: string, id: string): string {
    if (typeof type !== 'string' || type === '' || !type.isWellFormed()) throw new TypeError('A bad type.');
    if (typeof id !== 'string' || !id.isWellFormed()) throw new TypeError('A bad id.');
    return keyOf(type, id);
  }
}
