import type { Page } from 'playwright-core';
import type { SchemaPatch } from './protocol';
import { describeInBrowser } from './test-support/describe-in-browser';
import { openClientPage, stopPageServers, update } from './test-support/open-client-page';

afterEach(stopPageServers);

const schema = (type: string, properties: object, more: object = {}): SchemaPatch => ({
  action: 'schema',
  instance: '1',
  type,
  schema: { type: 'object', properties, ...more },
});

const text = { type: 'string' };

const SCHEMAS = [
  schema(
    'List',
    {
      name: text,
      email: { type: 'string', format: 'email' },
      items: { type: 'array', items: { $ref: '#/$defs/Todo' } },
      owner: { type: 'object', properties: { city: text } },
      open: { type: 'object' },
      far: { $ref: '#/$defs/NeverSent' },
    },
    { $id: '/schemas/app.schema.json', required: ['name', 'email'] },
  ),
  schema('Todo', { id: text, title: text }, { required: ['id'] }),
];

const entries = (page: Page) => page.locator('[data-na-overlay] li span').allTextContents();

describeInBrowser('the schema overlay', (openPage) => {
  const open = (body: string, ...mounted: ReturnType<typeof update>[]) =>
    openClientPage(openPage, `<main na-scope="1" na-type="List">${body}<p na-bind="end"></p></main>`, {
      mounted: [...SCHEMAS, ...mounted],
    });

  it('lists bindings and fields that are not in the schema, each once', async () => {
    const { page, server, problems } = await open(
      `<p na-bind="nome"></p><p na-bind="owner.town"></p><p na-bind="Todo:titel"></p><p na-bind="x" na-type="Todo"></p>
       <form><input ng-bind="mail"></form><p na-bind="$absent"></p><p na-bind="constructor"></p>
       <ul><template na-each="itmes" na-key="id"><li na-bind="whatever"></li></template></ul>
       <ul><template na-each="items" na-key="id" na-type="Todo"><li><b na-bind="done"></b></li></template></ul>
       <ul><template na-each="items" na-key="id"><li><b na-bind="inferred"></b></li></template></ul>`,
      update('items', [{ id: '1' }, { id: '2' }]),
    );
    await page.getByText('List.nome').waitFor();
    server.send(...SCHEMAS, update('end', 'end'));
    await page.getByText('end', { exact: true }).waitFor();
    expect((await entries(page)).sort()).toEqual([
      'Unknown binding List.absent',
      'Unknown binding List.constructor',
      'Unknown binding List.end',
      'Unknown binding List.itmes',
      'Unknown binding List.nome',
      'Unknown binding List.owner.town',
      'Unknown binding Todo.done',
      'Unknown binding Todo.inferred',
      'Unknown binding Todo.titel',
      'Unknown binding Todo.x',
      'Unknown field List.mail',
    ]);
    expect(problems).toEqual([]);
  });

  it("ignores what is known, unrestricted, for an event only, or a field's error message", async () => {
    const { page, problems } = await open(
      `<p na-bind="name"></p><p na-bind="open.any.thing"></p><p na-bind="far.away"></p><p na-bind="List:name"></p>
       <p na-bind="owner.city"></p><p na-bind="error_email"></p><form><input ng-bind="title"></form>
       <ul na-bind="items"><template na-each="items" na-key="id"><li><b na-bind="title"></b><i na-bind="$name"></i></li>
       </template></ul><p na-bind="theOnlyUnknown"></p>`,
      update('items', [{ id: '1', title: 'fits' }]),
      update('name', 'Zoë'),
      update('email', 'zoe@example.com'),
      update('error_email', ''),
      update('far', { any: 1 }),
      { ...update('owner', null), removed: true },
    );
    await page.getByText('theOnlyUnknown').waitFor();
    expect(await entries(page)).toEqual(['Unknown binding List.theOnlyUnknown', 'Unknown binding List.end']);
    expect(problems).toEqual([]);
  });

  it('lists values that do not match, at the innermost place, once for each place in the type', async () => {
    const { page, server } = await open(
      `<p na-bind="name"></p><p na-bind="email"></p>
       <ul><template na-each="items" na-key="id" na-type="Todo"><li na-bind="title"></li></template></ul>`,
      update('items', [
        { id: '1', title: 'a' },
        { id: '2', title: 5 },
        { id: '3', title: 6 },
        { title: 'no id' },
      ]),
      update('name', 7),
      update('email', 'nobody'),
    );
    await page.getByText('List.email does not match').waitFor();
    const found = (await entries(page)).filter((entry) => entry.includes('does not match')).sort();
    expect(found).toEqual([
      expect.stringContaining('List.email does not match the schema: String does not match format "email"'),
      expect.stringContaining(
        'List.items.1.title does not match the schema: Instance type "number" is invalid',
      ),
      expect.stringContaining('List.name does not match the schema: Instance type "number" is invalid'),
    ]);
    server.send(update('name', 8));
    await page.getByText('8', { exact: true }).waitFor();
    expect((await entries(page)).filter((entry) => entry.includes('List.name'))).toHaveLength(1);
  });

  it('is at the top right, reveals the element, and closes with Escape', async () => {
    const { page, server } = await open(
      `<div style="height:3000px"></div><p na-bind="nome">here</p>
       <ul><template na-each="items" na-key="id" na-type="Todo"><li><b na-bind="done">row</b></li></template></ul>`,
      update('items', [{ id: '1' }]),
    );
    const entry = page.locator('[data-na-overlay] li', { hasText: 'List.nome' });
    await entry.waitFor();
    const box = (await page.locator('[data-na-overlay]').boundingBox())!;
    const { width } = page.viewportSize()!;
    expect(box.y).toBe(12);
    expect(box.x + box.width).toBe(width - 12);

    // An animation may be over before it is looked for.
    await page.evaluate(() => {
      const { animate } = Element.prototype;
      Element.prototype.animate = function (this: HTMLElement, ...how) {
        this.dataset.revealed = String(Number(this.dataset.revealed ?? 0) + 1);
        return animate.apply(this, how);
      };
    });
    const target = page.locator('p[na-bind="nome"]');
    expect(await target.evaluate((element) => element.getBoundingClientRect().top > innerHeight)).toBe(true);
    await entry.getByRole('button', { name: 'Reveal' }).click();
    expect(await target.evaluate((element) => element.getBoundingClientRect().top < innerHeight)).toBe(true);
    expect(await target.getAttribute('data-revealed')).toBe('1');

    const inRow = page.locator('[data-na-overlay] li', { hasText: 'Todo.done' });
    await inRow.getByRole('button', { name: 'Reveal' }).click();
    expect(await page.locator('li b').getAttribute('data-revealed')).toBe('1');

    await page.keyboard.press('Escape');
    await page.locator('[data-na-overlay]').waitFor({ state: 'detached' });
    server.send(update('name', 9));
    await page.getByText('List.name does not match').waitFor();
    expect(await entries(page)).toHaveLength(1);
  });

  it('works under a strict Content-Security-Policy', async () => {
    const { page, problems } = await openClientPage(
      openPage,
      `<main na-scope="1" na-type="List"><p na-bind="nome"></p></main>`,
      {
        mounted: [...SCHEMAS, update('name', 5)],
        prepare: (server) => void (server.policy = "default-src 'self'; img-src data:"),
      },
    );
    await page.getByText('List.name does not match').waitFor();
    expect(await page.locator('[data-na-overlay]').evaluate((box) => getComputedStyle(box).position)).toBe(
      'fixed',
    );
    expect(problems).toEqual([]);
  });
});
