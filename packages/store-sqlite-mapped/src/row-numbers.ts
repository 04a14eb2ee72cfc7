import { quoteIdentifier as quote, type SqliteDriver } from '@nasc/store-sqlite/internal';
import type { RowCodec } from './mapping/row-codec';

/** Gives numbers to new rows, above those that their table has. For one write. */
export class RowNumbers {
  readonly #last = new Map<string, number>();

  constructor(
    private readonly driver: SqliteDriver,
    private readonly codecs: ReadonlyMap<string, RowCodec>,
  ) {}

  readonly next = (type: string): number => {
    const row = (this.#last.get(type) ?? this.#highest(type)) + 1;
    this.#last.set(type, row);
    return row;
  };

  #highest(type: string): number {
    const { entity } = (this.codecs.get(type) as RowCodec).plan;
    return this.driver
      .prepare(`SELECT coalesce(max(_na_row), 0) FROM ${quote(entity)}`, 'pluck')

      .get() as number;
  }
}
