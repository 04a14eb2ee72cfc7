import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeInBrowser } from '@nasc/client/test-support';
import { MuteProxy } from './test-support/mute-proxy';
import { addTodo, FIRST_TODOS, openTodos, showsTodos, todoRow } from './test-support/todo-page';
import { TodoProcess } from './test-support/todo-process';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nasc-pages-'));
});
afterEach(async () => {
  await MuteProxy.closeAll();
  await TodoProcess.killAll();
  rmSync(folder, { recursive: true });
});

const startApp = (environment: Record<string, string> = {}) =>
  TodoProcess.start({ DB: join(folder, 'todo.db'), ...environment });

describe.each(['sse', 'ws'])('over %s', (transport) =>
  describeInBrowser('two pages', (openPage) => {
    const query = `?transport=${transport}`;

    it('on one server show what the other does', async () => {
      const app = await startApp();
      const watched = [await openPage(), await openPage()] as const;
      for (const each of watched) await openTodos(each, app.url + query);
      const [{ page: one }, { page: two }] = watched;
      await addTodo(one, 'Of one');
      for (const page of [one, two]) await showsTodos(page, ...FIRST_TODOS, 'Of one');
      await todoRow(two, 'Of one').getByRole('checkbox').click();
      for (const page of [one, two]) await showsTodos(page, ...FIRST_TODOS, '*Of one');
      await one.getByLabel('Name').fill('Ann');
      await one.getByLabel('Email').press('Enter');
      await two.getByRole('heading', { name: 'Hello, Ann' }).waitFor();
      for (const { problems } of watched) expect(problems).toEqual([]);
    });

    it.each(['sqlite', 'mapped'])(
      'on two servers with one file show what the other does, in %s',
      async (STORE) => {
        const apps = [await startApp({ STORE }), await startApp({ STORE })] as const;
        const watched = [await openPage(), await openPage()] as const;
        for (const [i, each] of watched.entries()) await openTodos(each, apps[i]!.url + query);
        const [{ page: one }, { page: two }] = watched;
        await addTodo(one, 'Of one');
        for (const page of [one, two]) await showsTodos(page, ...FIRST_TODOS, 'Of one');
        await addTodo(two, 'Of two');
        for (const page of [one, two]) await showsTodos(page, ...FIRST_TODOS, 'Of one', 'Of two');
        await todoRow(one, 'Of two').getByTitle('Move up').click();
        await todoRow(two, 'Learn Nasc').getByTitle('Remove').click();
        for (const page of [one, two]) await showsTodos(page, 'Build an app', 'Of two', 'Of one');
        for (const { problems } of watched) expect(problems).toEqual([]);
      },
    );

    it('have the same again when the one whose server was killed is back', async () => {
      const apps = [await startApp(), await startApp()] as const;
      const watched = [await openPage(), await openPage()] as const;
      for (const [i, each] of watched.entries()) await openTodos(each, apps[i]!.url + query);
      const [{ page: one }, { page: two }] = watched;
      await apps[0].end('SIGKILL');
      await one.locator('[na-status="offline"]').waitFor();
      await addTodo(two, 'While it was gone');
      await showsTodos(two, ...FIRST_TODOS, 'While it was gone');
      await todoRow(two, 'Learn Nasc').getByTitle('Remove').click();
      await showsTodos(two, 'Build an app', 'While it was gone');
      await addTodo(one, 'Typed offline');
      await startApp({ PORT: apps[0].port });
      for (const page of [one, two])
        await showsTodos(page, 'Build an app', 'While it was gone', 'Typed offline');
    });

    it('have the same again when the one whose network was gone is back', async () => {
      const app = await startApp();
      const watched = [await openPage(), await openPage()] as const;
      for (const each of watched) await openTodos(each, app.url + query);
      const [{ page: one }, { page: two }] = watched;
      await one.context().setOffline(true);
      await addTodo(one, 'Typed offline');
      await addTodo(two, 'While it was gone');
      await showsTodos(two, ...FIRST_TODOS, 'While it was gone');
      await one.context().setOffline(false);
      for (const page of [one, two])
        await showsTodos(page, ...FIRST_TODOS, 'While it was gone', 'Typed offline');
    });

    it('show a todo once whose answer was lost with the server', async () => {
      const app = await startApp();
      const proxy = await MuteProxy.start(app.port);
      const [cut, other] = [await openPage(), await openPage()];
      await openTodos(cut, proxy.url + query);
      await openTodos(other, app.url + query);
      proxy.isMute = true;
      await addTodo(cut.page, 'Once');
      await showsTodos(other.page, ...FIRST_TODOS, 'Once');
      await app.end('SIGKILL');
      await cut.page.locator('[na-status="offline"]').waitFor();
      proxy.isMute = false;
      await startApp({ PORT: app.port });
      await addTodo(cut.page, 'Next');
      for (const { page } of [cut, other]) await showsTodos(page, ...FIRST_TODOS, 'Once', 'Next');
    });
  }),
);
