import { StoreError } from '@nasc/store-core';
import { distinctName, foldName } from './column-names';
import type { ColumnPlan, ForeignKeyPlan, ListPlan, MappingPlan, TablePlan } from './table-plan';

/**
 * The plan for tables that were made by an earlier one: what was recorded stays where it is, so that
 * nothing is lost with a property or a type that the schema no longer has; what is new is added. A
 * property that changed its kind takes the new one, a property that became a list its rows.
 *
 * @throws StoreError `STORE_SCHEMA` when a type has another entity or key than its rows.
 */
export function mergePlans(recorded: MappingPlan, wanted: MappingPlan): MappingPlan {
  const merged = new Map(recorded);
  for (const table of wanted.values()) {
    const before = recorded.get(table.type);
    merged.set(table.type, before === undefined ? table : mergeTables(before, table));
  }
  return withoutNewCycles(merged, recorded);
}

function mergeTables(before: TablePlan, table: TablePlan): TablePlan {
  for (const name of ['entity', 'pk'] as const) {
    if (before[name] === table[name]) continue;
    const message = `${JSON.stringify(table.type)} is stored with the ${name} ${JSON.stringify(before[name])}, and is mapped to ${JSON.stringify(table[name])}. Keep it, or move the data first.`;
    throw new StoreError('STORE_SCHEMA', message, { type: table.type });
  }
  const taken = new Set([before.pk, ...namesOf(before)].map(foldName));
  const foreignKeys: ForeignKeyPlan[] = [...before.foreignKeys];
  for (const key of table.foreignKeys) {
    if (foreignKeys.some(({ parentType }) => parentType === key.parentType)) continue;
    foreignKeys.push({ ...key, column: distinctName(key.column, taken) });
  }
  const lists: ListPlan[] = [...before.lists];
  for (const list of table.lists) {
    if (lists.some(({ property }) => property === list.property)) continue;
    lists.push({ ...list, presence: distinctName(list.presence, taken) });
  }
  const columns: ColumnPlan[] = before.columns
    .filter(({ property }) => !lists.some((list) => list.property === property))
    .map((column) => table.columns.find(({ property }) => property === column.property) ?? column);
  for (const column of table.columns) {
    if (taken.has(foldName(column.property))) continue;
    taken.add(foldName(column.property));
    columns.push(column);
  }
  // Rows that record no order have that of when they were written, when a key without a property came first.
  const isKeyNew = table.order.includes(before.pk) && !before.order.includes(before.pk);
  const was = isKeyNew ? [before.pk, ...before.order] : before.order;
  const order = [...was, ...table.order.filter((property) => !was.includes(property))];
  // The key column's type is that of the table as it was made.
  return { ...table, pkKind: before.pkKind, foreignKeys, lists, columns, order };
}

function namesOf({ columns, lists, foreignKeys }: TablePlan): string[] {
  return [
    ...columns.map(({ property }) => property),
    ...lists.map(({ presence }) => presence),
    ...foreignKeys.map(({ column }) => column),
  ];
}

/** Together with the recorded lists a new one may lead back to its own type: it gets no rows then, and keeps its column. */
function withoutNewCycles(merged: MappingPlan, recorded: MappingPlan): MappingPlan {
  const plan = new Map(merged);
  const reaches = (from: string, to: string): boolean =>
    from === to || (plan.get(from)?.lists ?? []).some(({ childType }) => reaches(childType, to));
  // Begin with what is there, which has no cycle, and add list by list.
  for (const [type, table] of merged) {
    const old = table.lists.filter(({ property }) => hasList(recorded.get(type), property));
    plan.set(type, { ...table, lists: old });
  }
  for (const [type, table] of merged) {
    for (const list of table.lists) {
      const own = plan.get(type) as TablePlan;
      if (own.lists.includes(list)) continue;
      if (reaches(list.childType, type)) {
        const column = recorded.get(type)?.columns.find(({ property }) => property === list.property);
        if (column !== undefined) plan.set(type, { ...own, columns: [...own.columns, column] });
      } else {
        plan.set(type, { ...own, lists: [...own.lists, list] });
      }
    }
  }
  return plan;
}

function hasList(table: TablePlan | undefined, property: string): boolean {
  return table?.lists.some((list) => list.property === property) ?? false;
}
