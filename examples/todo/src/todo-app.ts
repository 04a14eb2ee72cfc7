import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { attachNasc, type SchemaDocument } from '@nasc/server';
import express from 'express';
import type { Settings } from './settings';
import { STORES } from './stores';
import { todoListHandler } from './todo-list-handler';
import { userHandler } from './user-handler';

/** The running app. */
export interface TodoApp {
  /** Where it is. */
  readonly url: string;
  /** Lets what is under way finish, and closes the connections, the store and the server. */
  close(): Promise<void>;
}

/**
 * Starts the app.
 *
 * @param root the folder with `public/`, `app.schema.json` and `app.mapping.json`
 * @throws StoreError when the database cannot be opened; the error of the server when the port is taken.
 */
export async function startTodoApp({ port, storeName, database }: Settings, root: string): Promise<TodoApp> {
  const readJson = async (file: string): Promise<unknown> =>
    JSON.parse(await readFile(join(root, file), 'utf8'));
  const schema = (await readJson('app.schema.json')) as SchemaDocument;
  const mapping = (await readJson('app.mapping.json')) as object;
  const store = STORES[storeName]({ database, schema, mapping });
  // Stores open at the first call: a wrong path should be told now, not to the first visitor.
  await store.load('TodoList', 'my-list');

  const app = express();
  app.disable('x-powered-by');
  const server = createServer(app);
  const nasc = attachNasc({
    app,
    server,
    handlers: { User: userHandler, TodoList: todoListHandler },
    store,
    schemaProvider: schema,
    ssr: { rootDir: join(root, 'public') },
  });
  server.listen(port);
  await once(server, 'listening');

  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    async close() {
      const closed = once(server, 'close');
      server.close();
      await nasc.close();
      await store.close();
      server.closeIdleConnections();
      await closed;
    },
  };
}
