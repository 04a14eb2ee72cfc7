import Database from 'better-sqlite3';

/** Damage the row of one instance, behind the store's back. */
export function corruptRow({ folder }: { folder: string }, type: string, id: string): void {
  const client = new Database(`${folder}/store.db`);
  client.prepare(`UPDATE instances SET state = '{"half' WHERE type = ? AND id = ?`).run(type, id);
  client.close();
}
