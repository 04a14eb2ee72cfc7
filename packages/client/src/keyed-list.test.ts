import type { Page } from 'playwright-core';
import { describeInBrowser } from './test-support/describe-in-browser';
import { openClientPage, stopPageServers, update } from './test-support/open-client-page';

afterEach(stopPageServers);

const ROW = `<li><input ng-bind="note"><b na-bind="title"></b>
  <button na-click="move" data-id="{{id}}">move</button></li>`;

const items = (...ids: unknown[]) => ids.map((id) => ({ id, title: `title ${String(id)}` }));

const titles = (page: Page) => page.locator('li b').allTextContents();

/** Waits until the rows show these keys. */
const rows = (page: Page, ...keys: string[]) =>
  page.waitForFunction(
    (wanted) =>
      JSON.stringify([...document.querySelectorAll('li')].map((row) => row.getAttribute('na-key-val'))) ===
      wanted,
    JSON.stringify(keys),
  );

/** Counts the rows that leave or enter the list from now on. */
const countMoves = (page: Page) =>
  page.evaluate(() => {
    const moved = new Set<Node>();
    const list = document.querySelector('ul')!;
    new MutationObserver((records) => {
      for (const { removedNodes } of records) removedNodes.forEach((node) => moved.add(node));
      list.dataset.moved = String(moved.size);
    }).observe(list, { childList: true });
  });

describeInBrowser('a keyed list', (openPage) => {
  const open = (list: string, ...mounted: unknown[]) =>
    openClientPage(openPage, `<main na-scope="1" na-type="List"><ul na-bind="items">${list}</ul></main>`, {
      mounted: mounted.length > 0 ? [update('items', mounted)] : [],
    });
  const template = `<template na-each="items" na-key="id" na-type="Todo">${ROW}</template>`;

  it('renders, adds, changes and removes rows before its template', async () => {
    const { page, server, problems } = await open(template, ...items('a', 2));
    await rows(page, 'a', '2');
    expect(await page.locator('li button').evaluateAll((all) => all.map((b) => b.dataset.id))).toEqual([
      'a',
      '2',
    ]);
    server.send(update('items', [{ id: 2 }, { id: 'c', title: '<i>new</i>' }]));
    await rows(page, '2', 'c');
    expect(await titles(page)).toEqual(['', '<i>new</i>']);
    server.send({ ...update('items', []), removed: true });
    await rows(page);
    expect(await page.locator('ul > :last-child').evaluate((last) => last.localName)).toBe('template');
    expect(problems).toEqual([]);
  });

  it('adopts the rows that the server rendered', async () => {
    const rendered = `<li na-key-val="a" id="first"><input><b na-bind="title">old</b></li>`;
    const { page } = await open(rendered + template, ...items('b', 'a'));
    await rows(page, 'b', 'a');
    expect(await titles(page)).toEqual(['title b', 'title a']);
    expect(await page.locator('#first').getAttribute('na-key-val')).toBe('a');
  });

  it('moves no more rows than necessary', async () => {
    const { page, server } = await open(template, ...items('a', 'b', 'c', 'd', 'e'));
    await rows(page, 'a', 'b', 'c', 'd', 'e');
    await countMoves(page);
    server.send(update('items', items('e', 'a', 'b', 'c', 'd')));
    await rows(page, 'e', 'a', 'b', 'c', 'd');
    await page.waitForFunction(() => document.querySelector('ul')!.dataset.moved === '1');
  });

  it('keeps focus, selection and typed text when other rows move around it', async () => {
    const { page, server } = await open(template, ...items('a', 'b', 'c'));
    await rows(page, 'a', 'b', 'c');
    const input = page.locator('[na-key-val="b"] input');
    await input.fill('my note');
    await input.evaluate((element: HTMLInputElement) => {
      element.setSelectionRange(1, 3);
      element.addEventListener('blur', () => (document.title = 'lost'));
    });
    for (const order of [['b', 'a', 'c'], ['c', 'a', 'b'], ['x', 'b', 'c', 'a'], ['b']]) {
      server.send(update('items', items(...order)));
      await rows(page, ...order);
    }
    expect(
      await input.evaluate((element: HTMLInputElement) => [
        document.activeElement === element,
        element.value,
        element.selectionStart,
        element.selectionEnd,
        document.title,
      ]),
    ).toEqual([true, 'my note', 1, 3, 'Test']);
  });

  it('passes the focus of a removed row to the next one, else to the one before, else to the list', async () => {
    const { page, server } = await open(template, ...items('a', 'b', 'c'));
    await page.locator('ul').evaluate((list) => (list.tabIndex = -1));
    await page.locator('[na-key-val="b"] button').focus();
    const focused = () => page.evaluate(() => document.activeElement!.outerHTML.slice(0, 43));
    server.send(update('items', items('a', 'c')));
    await rows(page, 'a', 'c');
    expect(await focused()).toBe('<button na-click="move" data-id="c">move</b');
    server.send(update('items', items('a')));
    await rows(page, 'a');
    expect(await focused()).toBe('<button na-click="move" data-id="a">move</b');
    server.send(update('items', []));
    await rows(page);
    expect(await focused()).toContain('<ul');
  });

  it('survives repeated keys, keyless and scalar items, and keeps their rows', async () => {
    const { page, server, problems } = await open(template);
    const odd = [
      { id: 'a', title: '1st' },
      { id: 'a', title: '2nd' },
      { title: 'keyless' },
      'text',
      null,
      7,
      [1],
    ];
    server.send(update('items', odd));
    await rows(page, 'a', 'a', '', '', '', '', '');
    expect(await titles(page)).toEqual(['1st', '2nd', 'keyless', '', '', '', '']);
    await page
      .locator('li')
      .nth(1)
      .evaluate((row) => (row.id = 'second'));
    server.send(update('items', [{ id: { odd: true }, title: 'object key' }, ...odd.slice(0, 2)]));
    await rows(page, '', 'a', 'a');
    expect(await titles(page)).toEqual(['object key', '1st', '2nd']);
    expect(await page.locator('#second b').textContent()).toBe('2nd');
    for (const nonsense of [null, 'text', 5, {}]) server.send(update('items', nonsense));
    await rows(page);
    server.send(update('items', items('z')));
    await rows(page, 'z');
    expect(problems).toEqual([]);
  });

  it('works without na-key and with an empty template', async () => {
    const { page, server, problems } = await open(
      `<template na-each="none"></template><template na-each="items">${ROW}</template>`,
    );
    server.send(update('none', [1, 2]), update('items', items('a', 'b')));
    await rows(page, '', '');
    expect(await titles(page)).toEqual(['title a', 'title b']);
    expect(problems).toEqual([]);
  });

  it('renders lists in rows, two lists in one parent, and absolute paths in rows', async () => {
    const { page, server } = await open(
      `<template na-each="items" na-key="id"><li data-id><b na-bind="title"></b><i na-bind="$owner.name"></i>
         <span><template na-each="tags" na-key="id"><u data-id na-bind="label"></u></template></span></li></template>
       <template na-each="$more.items" na-key="id"><li><b na-bind="title"></b></li></template>`,
    );
    server.send(
      update('owner', { name: 'Zoë' }),
      update('more', { items: items('a') }),
      update('items', [
        { id: 'a', title: 'A', tags: [{ id: 't', label: 'tag' }] },
        { id: 'b', title: 'B' },
      ]),
    );
    await rows(page, 'a', 'b', 'a');
    const shown = () =>
      page.locator('li').evaluateAll((all) => all.map((row) => row.textContent!.replace(/\s+/g, ' ')));
    expect(await shown()).toEqual(['AZoë tag', 'BZoë ', 'title a']);
    expect(await page.locator('u').getAttribute('data-id')).toBe('t');
    expect(await page.locator('li').first().getAttribute('data-id')).toBe('a');
    server.send(update('owner', { name: 'Ann' }), update('more', { items: items('c', 'a') }));
    await rows(page, 'a', 'b', 'c', 'a');
    expect(await shown()).toEqual(['AAnn tag', 'BAnn ', 'title c', 'title a']);
  });

  it('gets from any order to any other, with the focus anywhere', async () => {
    const { page, server } = await open(template, ...items(0, 1, 2, 3, 4, 5));
    await rows(page, '0', '1', '2', '3', '4', '5');
    let seed = 7;
    const random = (below: number) => (seed = (seed * 48_271) % 2_147_483_647) % below;
    for (let round = 0; round < 60; round += 1) {
      const order = Array.from({ length: 8 }, (_, id) => id).filter(() => random(4) > 0);
      order.forEach((_, at) => {
        const other = random(order.length);
        [order[at], order[other]] = [order[other]!, order[at]!];
      });
      const focus = page.locator('li button').nth(random(3));
      if ((await focus.count()) > 0) await focus.focus();
      const held = await page.evaluate(() => document.activeElement!.getAttribute('data-id'));
      server.send(update('items', items(...order)));
      await rows(page, ...order.map(String));
      if (order.includes(Number(held ?? -1))) {
        expect(await page.evaluate(() => document.activeElement!.getAttribute('data-id'))).toBe(held);
      }
    }
  });
});
