import { FIRST_REV, NEXT_SEQ, quoteIdentifier as quote } from '@nasc/store-sqlite/internal';
import type { MappingPlan, TablePlan } from './mapping/table-plan';

/** The columns of ours in every mapped table, besides the presence of its lists. */
export const OWN_COLUMNS = {
  _na_row: 'INTEGER PRIMARY KEY',
  _na_parent: 'INTEGER',
  _na_parent_type: 'TEXT',
  _na_prop: 'TEXT',
  _na_pos: 'INTEGER',
  _na_overflow: 'TEXT',
};

/** Each column of a mapped table with its definition, in the order in which it is made. */
export function columnsOf({ pk, pkKind, columns, lists, foreignKeys }: TablePlan): Map<string, string> {
  return new Map([
    // An instance's id is text, also when it was inserted by hand as a number.
    [pk, pkKind === 'text' ? 'TEXT' : 'ANY'],
    ...columns.map(({ property }) => [property, 'ANY'] as const),
    ...foreignKeys.map(({ column }) => [column, 'TEXT'] as const),
    ...lists.map(({ presence, required }) => [presence, required ? 'INTEGER DEFAULT 1' : 'INTEGER'] as const),
    ...Object.entries(OWN_COLUMNS),
  ]);
}

export function createTable(plan: TablePlan, name = plan.entity): string {
  const columns = [...columnsOf(plan)].map(([column, definition]) => `${quote(column)} ${definition}`);
  return `CREATE TABLE ${quote(name)} (${columns.join(', ')}) STRICT`;
}

/** What holds for the row of an instance, and for no item of a list. */
export function isRoot({ foreignKeys }: TablePlan, prefix = ''): string {
  const columns = ['_na_parent', ...foreignKeys.map(({ column }) => column)];
  return columns.map((column) => `${prefix}${quote(column)} IS NULL`).join(' AND ');
}

/** The indexes of a table by their names, each as SQLite keeps its text. */
export function indexes(plan: TablePlan): Map<string, string> {
  const { entity, pk, foreignKeys } = plan;
  const index = (kind: string, name: string, on: string): [string, string] => {
    const full = `_na_${entity}_${name}`;
    return [full, `CREATE ${kind} ${quote(full)} ON ${quote(entity)} ${on}`];
  };
  return new Map([
    // Of a type that has no parents all rows are instances: the user's foreign keys may refer to it.
    index('UNIQUE INDEX', 'root', `(${quote(pk)})${foreignKeys.length > 0 ? ` WHERE ${isRoot(plan)}` : ''}`),
    index('INDEX', 'parent', '(_na_parent) WHERE _na_parent IS NOT NULL'),
    ...foreignKeys.map(({ column }) => index('INDEX', column, `(${quote(column)}, _na_pos)`)),
  ]);
}

/** A way from a type's instances down to the rows of a table. */
interface Path {
  /** The number of the instances' type in `_nasc_types`, and their table. */
  readonly no: number;
  readonly root: TablePlan;
  /** The id of the instance that a row belongs to, as SQL: `row` is `NEW`, `OLD` or an alias. */
  owner(row: string): string;
}

/**
 * The triggers of the mapped tables: what others write raises the rev of the instance that it
 * belongs to; what the store writes does not, since it marks the instance's record (`removed` = 2)
 * for as long as it writes. Rows that lose their parent go with it.
 *
 * @param numbers of the types in `_nasc_types`.
 */
export function triggers(plan: MappingPlan, numbers: ReadonlyMap<string, number>): string[] {
  return [...plan.values()].flatMap((table) => {
    const no = numbers.get(table.type) ?? 0;
    const paths = pathsTo(table, plan, numbers);
    return [
      ...rootTriggers(table, no),
      ...cascades(table, plan),
      ...paths.flatMap((path, i) => itemTriggers(table, path, i)),
      rowReplacement(table, no, paths),
    ];
  });
}

function trigger(table: TablePlan, name: string, when: string, condition: string, body: string): string {
  return `CREATE TRIGGER ${quote(`_na_${table.entity}_${name}`)} ${when} ON ${quote(table.entity)}
    WHEN ${condition} BEGIN ${body} END`;
}

function record(no: number, id: string, rev: string, removed: 0 | 1, from = ''): string {
  return `INSERT INTO _nasc_revs (type, id, rev, seq, removed)
    SELECT ${no}, ${id}, ${rev}, ${NEXT_SEQ}, ${removed} ${from || 'WHERE true'}
    ON CONFLICT (type, id) DO UPDATE SET rev = rev + 1, seq = excluded.seq, removed = ${removed};`;
}

function isWriting(no: number, id: string): string {
  return `EXISTS (SELECT 1 FROM _nasc_revs WHERE type = ${no} AND id = ${id} AND removed = 2)`;
}

function rootTriggers(table: TablePlan, no: number): string[] {
  const pk = quote(table.pk);
  const [id, was] = [`NEW.${pk}`, `OLD.${pk}`];
  const isNew = `${isRoot(table, 'NEW.')} AND ${id} IS NOT NULL`;
  const isOld = `${isRoot(table, 'OLD.')} AND ${was} IS NOT NULL`;
  const by = (condition: string, key: string): string => `${condition} AND NOT ${isWriting(no, key)}`;
  const exists = `EXISTS (SELECT 1 FROM ${quote(table.entity)} WHERE ${pk} = ${id} AND ${isRoot(table)})`;
  const unknown = `NOT EXISTS (SELECT 1 FROM _nasc_revs WHERE type = ${no} AND id = ${id})`;
  return [
    // REPLACE fires no DELETE trigger: the row that it takes away gets its record here.
    trigger(table, 'root_replace', 'BEFORE INSERT', `${isNew} AND ${exists} AND ${unknown}`, record(no, id, '1', 0)),
    trigger(table, 'root_insert', 'AFTER INSERT', by(isNew, id), record(no, id, FIRST_REV, 0)),
    trigger(table, 'root_update', 'AFTER UPDATE', by(`${isNew} AND ${id} IS ${was} AND ${isRoot(table, 'OLD.')}`, id), record(no, id, '2', 0)),
    trigger(table, 'root_from', 'AFTER UPDATE', by(`${isOld} AND NOT (${isNew} AND ${id} IS ${was})`, was), record(no, was, '2', 1)),
    trigger(table, 'root_to', 'AFTER UPDATE', by(`${isNew} AND NOT (${isOld} AND ${id} IS ${was})`, id), record(no, id, `max(2, ${FIRST_REV})`, 0)),
    trigger(table, 'root_delete', 'AFTER DELETE', by(isOld, was), record(no, was, '2', 1)),
  ]; // prettier-ignore
}

/** Items go with their parent, and follow an instance whose id is changed by hand. */
function cascades(table: TablePlan, plan: MappingPlan): string[] {
  const pk = quote(table.pk);
  return childTables(table, plan).flatMap((child) => {
    const key = quote(child.foreignKeys.find(({ parentType }) => parentType === table.type)?.column ?? '');
    const name = quote(child.entity);
    const deep = `DELETE FROM ${name} WHERE _na_parent = OLD._na_row AND _na_parent_type = ${text(table.type)};`;
    const own = `DELETE FROM ${name} WHERE ${key} = OLD.${pk};`;
    const wasRoot = isRoot(table, 'OLD.');
    return [
      trigger(table, `items_${child.entity}_deep`, 'AFTER DELETE', `NOT (${wasRoot})`, deep),
      trigger(table, `items_${child.entity}`, 'AFTER DELETE', wasRoot, own),
      trigger(
        table,
        `items_${child.entity}_follow`,
        `AFTER UPDATE OF ${pk}`,
        `${wasRoot} AND ${isRoot(table, 'NEW.')} AND NEW.${pk} IS NOT OLD.${pk}`,
        `UPDATE ${name} SET ${key} = NEW.${pk} WHERE ${key} = OLD.${pk};`,
      ),
    ];
  });
}

/** REPLACE fires no DELETE trigger: who loses a row to another with its number is told here. */
function rowReplacement(table: TablePlan, no: number, paths: readonly Path[]): string {
  const replaced = `FROM ${quote(table.entity)} w WHERE w._na_row = NEW._na_row`;
  const raise = (type: number, id: string, condition: string): string =>
    record(
      type,
      'o.id',
      '2',
      0,
      `FROM (SELECT ${id} AS id ${replaced}) o WHERE ${condition} AND NOT ${isWriting(type, 'o.id')}`,
    );
  const pk = quote(table.pk);
  const wasRoot = `o.id IS NOT NULL AND NOT (${isRoot(table, 'NEW.')} AND o.id IS NEW.${pk})`;
  const own = raise(no, `iif(${isRoot(table, 'w.')}, w.${pk}, NULL)`, wasRoot);
  const others = paths.map(({ no: type, root, owner }) =>
    raise(type, owner('w'), `${lives(root)} AND o.id IS NOT ${owner('NEW')}`),
  );
  return trigger(
    table,
    'rows_replace',
    'BEFORE INSERT',
    `EXISTS (SELECT 1 ${replaced})`,
    [own, ...others].join(' '),
  );
}

/** Whether the instance `o.id` is there. */
function lives(root: TablePlan): string {
  return `EXISTS (SELECT 1 FROM ${quote(root.entity)} r WHERE r.${quote(root.pk)} = o.id AND ${isRoot(root, 'r.')})`;
}

function itemTriggers(table: TablePlan, { no, root, owner }: Path, path: number): string[] {
  const raise = (row: 'NEW' | 'OLD'): string =>
    record(
      no,
      'o.id',
      '2',
      0,
      `FROM (SELECT ${owner(row)} AS id) o WHERE ${lives(root)} AND NOT ${isWriting(no, 'o.id')}`,
    );
  const isItem = (row: 'NEW' | 'OLD'): string => `NOT (${isRoot(table, `${row}.`)})`;
  return [
    trigger(table, `item_${path}_insert`, 'AFTER INSERT', isItem('NEW'), raise('NEW')),
    trigger(table, `item_${path}_update`, 'AFTER UPDATE', isItem('NEW'), raise('NEW')),
    // It has moved away from an instance.
    trigger(
      table,
      `item_${path}_from`,
      'AFTER UPDATE',
      `${isItem('OLD')} AND ${owner('OLD')} IS NOT ${owner('NEW')}`,
      raise('OLD'),
    ),
    trigger(table, `item_${path}_delete`, 'AFTER DELETE', isItem('OLD'), raise('OLD')),
  ];
}

/** Every way in which a row of a table may belong to an instance. */
function pathsTo(
  table: TablePlan,
  plan: MappingPlan,
  numbers: ReadonlyMap<string, number>,
  depth = 0,
): Path[] {
  return table.foreignKeys.flatMap(({ parentType, column }) => {
    const parent = plan.get(parentType);
    // A list that led back to its own type has left its foreign key, and no rows.
    if (parent?.lists.some(({ childType }) => childType === table.type) !== true) return [];
    const no = numbers.get(parentType) ?? 0;
    const direct: Path = { no, root: parent, owner: (row) => `${row}.${quote(column)}` };
    const p = `p${depth}`;
    const deep = pathsTo(parent, plan, numbers, depth + 1).map((path): Path => ({
      ...path,
      owner: (row) => `(SELECT ${path.owner(p)} FROM ${quote(parent.entity)} ${p}
        WHERE ${p}._na_row = ${row}._na_parent AND ${row}._na_parent_type = ${text(parentType)})`,
    }));
    return [direct, ...deep];
  });
}

function childTables(table: TablePlan, plan: MappingPlan): TablePlan[] {
  const types = new Set(table.lists.map(({ childType }) => childType));
  return [...types].flatMap((type) => plan.get(type) ?? []);
}

/** A string as an SQL literal, where no parameter can stand. */
export function text(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}
