import { quoteIdentifier as quote } from './quote-identifier';

/** The statements on one table of documents, made once: their text is what finds the prepared ones. */
export interface DocumentSql {
  /** The JSON of one id. */
  readonly readData: string;
  /** `data`, `rev` and `epoch` of a type's number and an id. */
  readonly readRow: string;
  /** The rev alone: a state may be large. */
  readonly readRev: string;
  /** `data`, `rev` and `epoch` of a table without triggers, of an epoch and an id. */
  readonly readBareRow: string;
  /** Make or overwrite a row, of an id and its JSON. */
  readonly put: string;
  readonly remove: string;
  /** So many of the first ids. */
  readonly firstIds: string;
  /** The ids after one, and how many. */
  readonly idsAfter: string;
}

/** @param table its name, unquoted. */
export function documentSql(table: string): DocumentSql {
  const name = quote(table);
  const ids = (from: string): string =>
    `SELECT id FROM ${name} WHERE ${from} AND typeof(id) = 'text' ORDER BY id LIMIT ?`;
  return {
    readData: `SELECT data FROM ${name} WHERE id = ?`,
    readRow: `
      SELECT t.data, coalesce(r.rev, 1) AS rev, (SELECT value FROM _nasc_meta WHERE key = 'epoch') AS epoch
      FROM ${name} t LEFT JOIN _nasc_revs r ON r.type = ? AND r.id = t.id WHERE t.id = ?`,
    readRev: `SELECT coalesce(r.rev, 1) FROM ${name} t LEFT JOIN _nasc_revs r ON r.type = ? AND r.id = t.id WHERE t.id = ?`,
    readBareRow: `SELECT data, 1 AS rev, ? AS epoch FROM ${name} WHERE id = ?`,
    put: `INSERT INTO ${name} (id, data) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET data = excluded.data`,
    remove: `DELETE FROM ${name} WHERE id = ?`,
    firstIds: ids("id >= ''"),
    idsAfter: ids('id > ?'),
  };
}
