import { parseJson } from '@nasc/store-sqlite/internal';
import { FlawedRow } from './overflow';
import type { Cell } from './row';
import type { ColumnKind } from './table-plan';

/**
 * The cell for a value, or `undefined` where the column would not give it back exactly, or would
 * hold another type than the schema says.
 *
 * @param value a JSON value that the guard has passed.
 */
export function encodeCell(kind: ColumnKind, value: unknown): Cell | undefined {
  switch (kind) {
    case 'text':
      // For much of SQL a text ends at NUL: `.dump`, length(), LIKE.
      return typeof value === 'string' && value.isWellFormed() && !value.includes('\0') ? value : undefined;
    case 'boolean':
      return typeof value === 'boolean' ? Number(value) : undefined;
    case 'integer':
      // Adding zero makes 0 of -0, as JSON has it.
      return Number.isSafeInteger(value) ? (value as number) + 0 : undefined;
    case 'number':
      return typeof value === 'number' ? value + 0 : undefined;
    case 'json':
      return typeof value === 'object' && value !== null ? JSON.stringify(value) : undefined;
    case 'any':
      return typeof value === 'number' ? value + 0 : encodeCell('text', value);
  }
}

/**
 * The value in a cell that is not NULL. What does not decode is given as SQL has it.
 *
 * @throws FlawedRow for what JSON does not have: a BLOB, an infinite number.
 */
export function decodeCell(kind: ColumnKind, cell: string | number): unknown {
  if (typeof cell === 'number' && !Number.isFinite(cell)) {
    throw new FlawedRow(Number.isNaN(cell) ? 'a column holds a BLOB' : 'a column holds an infinite number');
  }
  if (kind === 'boolean') return cell === 0 || cell === 1 ? cell === 1 : cell;
  if (kind !== 'json' || typeof cell !== 'string') return cell;
  try {
    const value = parseJson(cell);
    return typeof value === 'object' && value !== null ? value : cell;
  } catch (error) {
    if (error instanceof RangeError)
      throw new FlawedRow('a column holds an infinite number', { cause: error });
    return cell;
  }
}
