import { describeInBrowser } from './test-support/describe-in-browser';
import { openClientPage, stopPageServers, update } from './test-support/open-client-page';

afterEach(stopPageServers);

describeInBrowser('events', (openPage) => {
  const open = (body: string, query = '') =>
    openClientPage(openPage, `<main na-scope="1" na-type="List">${body}</main>`, {
      query,
      mounted: [update('name', 'Guest'), update('ready', 'ready')],
    });

  for (const over of ['sse', 'ws'] as const) {
    it(`go over ${over} with the data-* attributes of the clicked element`, async () => {
      const { page, server, problems } = await open(
        `<p na-bind="ready"></p><form><button na-click="go" data-id="7" data-long-name="x" class="y">
           <svg width="9" height="9"><rect width="9" height="9"/></svg></button></form>`,
        `?transport=${over}`,
      );
      await page.getByText('ready').waitFor();
      await page.locator('rect').click();
      const { message, over: way } = await server.event('go');
      expect(way).toBe(over);
      expect(message).toEqual({
        event: 'go',
        instance: '1',
        type: 'List',
        payload: { id: '7', 'long-name': 'x' },
        eventId: expect.stringMatching(/^[0-9a-f]{32}$/),
        clientId: await page.evaluate(() => localStorage.getItem('nascClientId')),
      });
      expect(page.url()).toBe(`${server.url}?transport=${over}`);
      expect(problems).toEqual([]);
    });
  }

  it('carry the ng-bind controls of their form, by name, with checkboxes as booleans', async () => {
    const { page, server } = await open(
      `<form id="f" na-submit="save"><input ng-bind="title" value="t"><input ng-bind="$a.b" type="number" value="3">
        <input ng-bind="yes" type="checkbox" checked><input ng-bind="no" type="checkbox">
        <input ng-bind="size" type="radio" value="a"><input ng-bind="size" type="radio" value="b" checked>
        <select ng-bind="many" multiple><option selected>x</option><option selected>y</option></select>
        <input ng-bind="off" disabled><input name="ignored" value="i"><input ng-bind="file" type="file">
        <input ng-bind="__proto__" value="p"><button>Save</button></form><input ng-bind="outside" form="f" value="o">`,
    );
    await page.getByText('Save').click();
    const { payload } = (await server.event('save')).message;
    expect(Object.entries(payload)).toEqual([
      ['title', 't'],
      ['$a.b', '3'],
      ['yes', true],
      ['no', false],
      ['size', 'b'],
      ['many', ['x', 'y']],
      ['__proto__', 'p'],
      ['outside', 'o'],
    ]);
  });

  it('empty the fields that exist for the event only, and restore their text if it is refused', async () => {
    const { page, server } = await open(
      `<form na-submit="add"><input id="title" ng-bind="title"><input id="name" ng-bind="name"><button></button></form>`,
    );
    await page.waitForFunction(() => document.querySelector<HTMLInputElement>('#name')!.value === 'Guest');
    await page.locator('#title').fill('Milk');
    await page.keyboard.press('Enter');
    await server.event('add');
    expect(await page.locator('#title').inputValue()).toBe('');
    expect(await page.locator('#name').inputValue()).toBe('Guest');
    server.eventStatus = 400;
    await page.locator('#title').fill('Bread');
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => document.querySelector<HTMLInputElement>('#title')!.value === 'Bread');
  });

  it('are sent one after another, so that they arrive in order', async () => {
    const { page, server } = await open(
      `<p na-bind="ready"></p><button na-click="go" data-id="1">go</button>`,
    );
    await page.getByText('ready').waitFor();
    let answer = (): void => undefined;
    server.beforeAnswer = new Promise((resolve) => (answer = resolve));
    await page.locator('button').click();
    await page.locator('button').evaluate((button) => (button.dataset.id = '2'));
    await page.locator('button').click();
    await server.event('go');
    // A second post would be there before these are back.
    await page.evaluate(async () => {
      for (let round = 0; round < 5; round += 1) await fetch('/elsewhere');
    });
    expect(server.received).toHaveLength(2);
    answer();
    expect((await server.event('go', 2)).message.payload).toEqual({ id: '2' });
  });

  it('leave a checkbox unchanged until the server says otherwise', async () => {
    const { page, server } = await open(
      `<input type="checkbox" na-click="toggle" na-bind="done" data-id="1">`,
    );
    await page.locator('input').click();
    await server.event('toggle');
    expect(await page.locator('input').isChecked()).toBe(false);
    server.send(update('done', true));
    await page.waitForFunction(() => document.querySelector('input')!.checked);
  });

  it('need a scope with a type', async () => {
    const { page, server } = await open(`<section na-scope="2"><button na-click="go">go</button></section>`);
    await page.getByText('go', { exact: true }).click();
    await page.getByText('na-scope="2" has no na-type').waitFor();
    await page.getByText('na-click="go" is not inside an element with na-scope and na-type').waitFor();
    expect(server.received.map(({ message }) => message.event)).toEqual(['mount']);
  });
});
