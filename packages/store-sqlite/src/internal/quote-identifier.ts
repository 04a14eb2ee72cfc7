/**
 * An SQL identifier, whatever is in the name. The one place where names get into SQL.
 *
 * @throws TypeError for a name with a NUL, where SQLite would end the statement.
 */
export function quoteIdentifier(name: string): string {
  if (name.includes('\0')) throw new TypeError('An SQL name cannot hold a NUL character.');
  return `"${name.replaceAll('"', '""')}"`;
}
