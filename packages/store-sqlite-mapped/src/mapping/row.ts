/** What a column holds: SQL's NULL, TEXT, INTEGER or REAL. */
export type Cell = null | string | number;

/** Stands for what no cell can hold. It equals nothing, itself neither. */
export const FLAWED = NaN;

/** An object as a row: a root instance, or an item of an array. */
export interface Row {
  /** The key, the columns, the presence of the lists, and the overflow, in the order of the table plan. */
  readonly cells: readonly Cell[];
  /** The rows of each list of the table plan; empty where the list is absent. */
  readonly lists: readonly (readonly Row[])[];
}

/** A row that is in the database. */
export interface StoredRow extends Row {
  /** `_na_row`. */
  readonly row: number;
  /** `_na_pos`; `null` for a root, and for what was inserted by hand. */
  readonly position: number | null;
  readonly lists: readonly (readonly StoredRow[])[];
}
