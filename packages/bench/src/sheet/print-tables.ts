import Table from 'cli-table3';
import type { Table as SheetTable } from './tables.ts';

/** For the terminal; as wide as it has to be. */
export function printTables(tables: readonly SheetTable[]): string {
  return tables
    .map(({ title, head, rows }) => {
      const table = new Table({ head: [...head], style: { compact: true, head: [], border: [] } });
      table.push(...rows.map((row) => [...row]));
      return `\n${title}\n${table.toString()}\n`;
    })
    .join('');
}
