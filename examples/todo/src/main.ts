import { fileURLToPath } from 'node:url';
import { explain } from './explain';
import { readSettings } from './settings';
import { startTodoApp } from './todo-app';

const root = fileURLToPath(new URL('..', import.meta.url));

try {
  const settings = readSettings(process.env, root);
  const app = await startTodoApp(settings, root);
  const where = settings.storeName === 'memory' ? 'in memory' : `in ${settings.database}`;
  console.log(`Todos at ${app.url} (STORE=${settings.storeName}, state is kept ${where})`);

  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      app.close().catch((error: unknown) => {
        console.error(error);
        process.exitCode = 1;
      });
    });
  }
} catch (error) {
  console.error(`The todo app cannot start: ${explain(error)}`);
  process.exitCode = 1;
}
