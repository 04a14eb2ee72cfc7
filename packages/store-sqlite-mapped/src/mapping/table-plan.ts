/** What a column holds. `json`: objects and arrays as JSON text; `any`: strings and numbers as they are. */
export type ColumnKind = 'text' | 'boolean' | 'integer' | 'number' | 'json' | 'any';

/** A property that has a column of its own. */
export interface ColumnPlan {
  /** The property, and the column's name. */
  readonly property: string;
  readonly kind: ColumnKind;
}

/** A property whose array becomes rows of a child type's table. */
export interface ListPlan {
  readonly property: string;
  readonly childType: string;
  /** The column that says whether the array is there. */
  readonly presence: string;
  /** Whether a row that was inserted by hand has the array, empty. */
  readonly required: boolean;
}

/** A parent's column in a child table: the id of the root instance that the row belongs to. */
export interface ForeignKeyPlan {
  readonly parentType: string;
  readonly column: string;
}

/** The table of one mapped type: its instances, and the items of its type in others' arrays. */
export interface TablePlan {
  readonly type: string;
  readonly entity: string;
  /** The key column; also a property of that name, unless the schema has none. */
  readonly pk: string;
  readonly pkKind: ColumnKind;
  readonly columns: readonly ColumnPlan[];
  readonly lists: readonly ListPlan[];
  readonly foreignKeys: readonly ForeignKeyPlan[];
  /** The properties in the schema's order, which is the order that needs no record. */
  readonly order: readonly string[];
}

/** All mapped types. */
export type MappingPlan = ReadonlyMap<string, TablePlan>;
