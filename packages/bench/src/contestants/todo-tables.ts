import type Database from 'better-sqlite3';
import type { TodoList } from '../todo-list.ts';

/** Normalised tables of todo lists, by hand: what the mapped store is held against. */
export class TodoTables {
  readonly #database: Database.Database;
  readonly #statements;

  constructor(database: Database.Database) {
    this.#database = database;
    database.exec(`
      CREATE TABLE IF NOT EXISTS todo_lists (id TEXT PRIMARY KEY);
      CREATE TABLE IF NOT EXISTS todos (
        id TEXT PRIMARY KEY, title TEXT, completed INTEGER, todo_list_id TEXT, position INTEGER
      );
      CREATE INDEX IF NOT EXISTS todos_of_list ON todos (todo_list_id, position);`);
    this.#statements = {
      upsertList: database.prepare('INSERT INTO todo_lists (id) VALUES (?) ON CONFLICT (id) DO NOTHING'),
      deleteItems: database.prepare('DELETE FROM todos WHERE todo_list_id = ?'),
      insertItem: database.prepare(
        'INSERT INTO todos (id, title, completed, todo_list_id, position) VALUES (?, ?, ?, ?, ?)',
      ),
      updateItem: database.prepare('UPDATE todos SET completed = 1 - completed WHERE id = ?'),
      selectItems: database.prepare<[string], { id: string; title: string; completed: number }>(
        'SELECT id, title, completed FROM todos WHERE todo_list_id = ? ORDER BY position',
      ),
    };
  }

  /** Every item out and in again, as mapped stores elsewhere do; in autocommit unless the caller began. */
  rewriteAll(list: TodoList): void {
    const { upsertList, deleteItems, insertItem } = this.#statements;
    upsertList.run(list.id);
    deleteItems.run(list.id);
    for (const [position, item] of list.items.entries()) {
      insertItem.run(item.id, item.title, item.completed ? 1 : 0, list.id, position);
    }
  }

  /** The same in one transaction. */
  get rewriteAllAtOnce(): (list: TodoList) => void {
    return this.#database.transaction((list: TodoList) => this.rewriteAll(list));
  }

  /**
   * One small row in a transaction: the least that a write can cost. It does change the row: SQLite writes
   * nothing where all is as it was.
   */
  get updateOne(): (id: string) => void {
    const { updateItem } = this.#statements;
    return this.#database.transaction((id: string) => {
      if (updateItem.run(id).changes !== 1) throw new Error(`There is no item ${id}.`);
    });
  }

  /** The rows as the driver gives them. */
  rows(listId: string): { id: string; title: string; completed: number }[] {
    return this.#statements.selectItems.all(listId);
  }

  /** The list that the rows are. */
  read(listId: string): TodoList {
    const items = this.rows(listId).map(({ id, title, completed }) => ({
      id,
      title,
      completed: completed === 1,
    }));
    return { id: listId, items };
  }
}
