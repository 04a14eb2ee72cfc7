import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeInBrowser, type WatchedPage } from '@nasc/client/test-support';
import { openTodos, showsTodos, todoRow } from './test-support/todo-page';
import { TodoProcess } from './test-support/todo-process';

type Page = WatchedPage['page'];

let folder: string;

/** The app on SQLite, in a file of this test. */
function startApp(environment: Record<string, string> = {}): Promise<TodoProcess> {
  return TodoProcess.start({ STORE: 'sqlite', DB: join(folder, 'todo.db'), ...environment });
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nasc-todo-'));
});

afterEach(async () => {
  await TodoProcess.killAll();
  rmSync(folder, { recursive: true });
});

/** What has the focus, as a user would call it. */
const focused = (page: Page) =>
  page.evaluate(() => {
    const element = document.activeElement as HTMLInputElement;
    const label = element.labels?.[0] ?? element;
    return (element.localName === 'ul' ? 'the list' : label.textContent).trim().replace(/\s+/g, ' ');
  });

/** Presses Tab until something has the focus. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let presses = 0; presses < 30; presses += 1) {
    await page.keyboard.press('Tab');
    if ((await focused(page)) === name) return;
  }
  throw new Error(`Tab does not reach ${name}.`);
}

describeInBrowser('the todo list', (openPage) => {
  for (const [STORE, transport] of [
    ['sqlite', 'sse'],
    ['sqlite', 'ws'],
    ['mapped', 'sse'],
  ] as const) {
    it(`keeps what was done over ${transport} when the server is killed, in ${STORE}`, async () => {
      const app = await startApp({ STORE });
      const watched = await openPage();
      const { page, problems } = watched;
      await openTodos(watched, `${app.url}/?transport=${transport}`);

      for (const title of ['Milk', '<b>Bread</b>', "Robert'); DROP TABLE todos;--"]) {
        await page.getByLabel('What needs to be done?').fill(title);
        await page.getByRole('button', { name: 'Add', exact: true }).click();
        await todoRow(page, title).waitFor();
      }
      await page.getByRole('checkbox', { name: 'Milk' }).click();
      await todoRow(page, 'Robert').getByTitle('Move up').click();
      await showsTodos(
        page,
        '*Learn Nasc',
        'Build an app',
        '*Milk',
        "Robert'); DROP TABLE todos;--",
        '<b>Bread</b>',
      );
      await todoRow(page, 'Learn Nasc').getByTitle('Move down').click();
      await todoRow(page, 'Build an app').getByTitle('Remove').click();
      const expected = ['*Learn Nasc', '*Milk', "Robert'); DROP TABLE todos;--", '<b>Bread</b>'];
      await showsTodos(page, ...expected);
      expect(problems).toEqual([]);

      await app.end('SIGKILL');
      await page.getByText('The connection is lost').waitFor();
      problems.length = 0;
      await startApp({ STORE, PORT: app.port });
      await page.locator('[na-status="online"]').waitFor();
      await todoRow(page, 'Milk').getByTitle('Remove').click();
      await showsTodos(page, ...expected.filter((title) => title !== '*Milk'));

      const fresh = await openPage();
      await fresh.page.goto(app.url);
      await showsTodos(fresh.page, ...expected.filter((title) => title !== '*Milk'));
      expect(fresh.problems).toEqual([]);
      expect(await page.locator('[data-na-overlay]').count()).toBe(0);
    });
  }

  it('is used with the keyboard alone, and the focus stays with what was used', async () => {
    const app = await startApp();
    const watched = await openPage();
    const { page, problems } = watched;
    await openTodos(watched, app.url);
    await tabTo(page, 'What needs to be done?');
    await page.keyboard.type('Milk');
    await page.keyboard.press('Enter');
    await showsTodos(page, '*Learn Nasc', 'Build an app', 'Milk');
    expect(await focused(page)).toBe('What needs to be done?');
    expect(await page.locator('#title').inputValue()).toBe('');

    await tabTo(page, 'Move up: Milk');
    await page.keyboard.press('Enter');
    await showsTodos(page, '*Learn Nasc', 'Milk', 'Build an app');
    await page.keyboard.press('Enter');
    await showsTodos(page, 'Milk', '*Learn Nasc', 'Build an app');
    expect(await focused(page)).toBe('Move up: Milk');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Space');
    await showsTodos(page, '*Learn Nasc', 'Milk', 'Build an app');
    expect(await focused(page)).toBe('Move down: Milk');

    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Shift+Tab');
    expect(await focused(page)).toBe('Milk');
    await page.keyboard.press('Space');
    await showsTodos(page, '*Learn Nasc', '*Milk', 'Build an app');
    expect(await focused(page)).toBe('Milk');
    expect(await page.evaluate(() => getComputedStyle(document.activeElement!).outlineStyle)).toBe('solid');

    await tabTo(page, 'Remove: Milk');
    await page.keyboard.press('Enter');
    await showsTodos(page, '*Learn Nasc', 'Build an app');
    expect(await focused(page)).toBe('Remove: Build an app');
    await page.keyboard.press('Enter');
    await showsTodos(page, '*Learn Nasc');
    await page.keyboard.press('Enter');
    await showsTodos(page);
    expect(await focused(page)).toBe('the list');
    await page.getByText('Nothing to do').waitFor();
    await page.keyboard.press('Tab');
    expect(await focused(page)).toBe('Name');
    expect(problems).toEqual([]);
  });

  it('adds nothing for a title of blanks', async () => {
    const app = await startApp({ STORE: 'memory' });
    const watched = await openPage();
    const { page } = watched;
    await openTodos(watched, app.url);
    for (const title of ['   ', 'Milk']) {
      await page.locator('#title').fill(title);
      await page.keyboard.press('Enter');
    }
    await showsTodos(page, '*Learn Nasc', 'Build an app', 'Milk');
  });
});

describeInBrowser('the profile', (openPage) => {
  it('is saved, and says what is wrong with it', async () => {
    const app = await startApp();
    const watched = await openPage();
    const { page, problems } = watched;
    await openTodos(watched, app.url);
    const email = page.getByLabel('Email');
    await page.getByLabel('Name').fill(' Zoë O’Neil ');
    await email.fill('zoe@nowhere');
    await email.press('Enter');
    await page.getByRole('alert').getByText('Please enter an email address').waitFor();
    await page.getByRole('heading', { name: 'Hello, Zoë O’Neil' }).waitFor();
    expect(await page.getByLabel('Name').inputValue()).toBe('Zoë O’Neil');
    expect(await email.inputValue()).toBe('zoe@nowhere');
    expect(await page.locator('.email').textContent()).toBe('guest@example.com');

    await email.fill('zoe@example.com');
    await email.press('Enter');
    await page.locator('.email', { hasText: 'zoe@example.com' }).waitFor();
    expect(await page.locator('#email-error').textContent()).toBe('');
    expect(await page.locator('[data-na-overlay]').count()).toBe(0);

    await app.end('SIGKILL');
    await startApp({ PORT: app.port });
    const fresh = await openPage();
    const html = await (await fresh.page.goto(app.url))!.text();
    expect(html).toContain('Zoë O’Neil');
    expect(await fresh.page.getByLabel('Email').inputValue()).toBe('zoe@example.com');
    expect([...problems.filter((problem) => !problem.includes('ERR_')), ...fresh.problems]).toEqual([]);
  });
});

describeInBrowser('the process', (openPage) => {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    it(`ends cleanly on ${signal}, with pages open on both transports`, async () => {
      const app = await startApp();
      for (const transport of ['sse', 'ws'])
        await openTodos(await openPage(), `${app.url}/?transport=${transport}`);
      expect(await app.end(signal)).toBe(0);
    });
  }
});

describe('the settings', () => {
  const fail = (environment: Record<string, string>) =>
    TodoProcess.fail({ DB: join(folder, 'todo.db'), ...environment });

  it.each([
    [{ PORT: '80a' }, 'PORT must be a whole number from 0 to 65535, and is "80a".'],
    [{ PORT: '65536' }, 'PORT must be a whole number from 0 to 65535, and is "65536".'],
    [{ STORE: 'redis' }, 'STORE must be one of memory, sqlite, mapped, and is "redis".'],
    [{ STORE: 'constructor' }, 'STORE must be one of memory, sqlite, mapped, and is "constructor".'],
  ])('explain %j', async (environment, words) => {
    const { code, stderr } = await fail(environment);
    expect(stderr).toBe(`The todo app cannot start: ${words}\n`);
    expect(code).toBe(1);
  });

  it('explain a port that is taken and a database that cannot be opened', async () => {
    const app = await startApp();
    const taken = await fail({ PORT: app.port });
    expect(taken).toMatchObject({
      code: 1,
      // On IPv6 and IPv4, or on IPv4 where there is nothing else.
      stderr: expect.stringMatching(new RegExp(`address already in use \\S+:${app.port}\\b`)),
    });
    const nowhere = await fail({ DB: join(folder, 'no', 'such', 'folder.db') });
    expect(nowhere).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^The todo app cannot start: .+\n  because: .*director/),
    });
  });
});
