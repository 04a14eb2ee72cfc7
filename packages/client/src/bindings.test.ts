import { describeInBrowser } from './test-support/describe-in-browser';
import { openClientPage, stopPageServers, update } from './test-support/open-client-page';

afterEach(stopPageServers);

describeInBrowser('bindings', (openPage) => {
  const open = (body: string) => openClientPage(openPage, `<main na-scope="1" na-type="List">${body}</main>`);

  it('show text as text, never as markup', async () => {
    const { page, server, problems } = await open('<h1 na-bind="name">Guest</h1>');
    server.send(update('name', '<img src=x onerror="document.title=1">'));
    await page.waitForFunction(() => document.querySelector('h1')!.textContent!.startsWith('<img'));
    expect(await page.locator('img').count()).toBe(0);
    expect(problems).toEqual([]);
  });

  it('show zero and false, nothing for null, and no text for arrays and objects', async () => {
    const names = ['zero', 'no', 'gone', 'array', 'object', 'end'];
    const { page, server } = await open(names.map((name) => `<p na-bind="${name}">before</p>`).join(''));
    const values = [0, false, null, ['a'], { a: 1 }, 'x'];
    server.send(...names.map((name, index) => update(name, values[index])));
    await page.getByText('x', { exact: true }).waitFor();
    expect(await page.locator('p').allTextContents()).toEqual(['0', 'false', '', 'before', 'before', 'x']);
  });

  it('follow dotted and absolute paths, and ignore a leading type', async () => {
    const { page, server } = await open(
      `<p na-bind="owner.address.city"></p><p na-bind="$owner.name"></p><p na-bind="List:title"></p>
       <p na-bind="constructor"></p><p na-bind="owner.toString"></p><p na-bind="end"></p>`,
    );
    server.send(
      update('title', 'Plans'),
      update('owner', { name: 'Zoë', address: { city: 'Galway' } }),
      update('end', 'end'),
    );
    await page.getByText('end').waitFor();
    expect(await page.locator('p').allTextContents()).toEqual(['Galway', 'Zoë', 'Plans', '', '', 'end']);
    server.send(update('owner', {}), update('end', 'again'));
    await page.getByText('again').waitFor();
    expect(await page.locator('p').first().textContent()).toBe('');
  });

  it('update an element through its nearest scope only, by type and id', async () => {
    const { page, server } = await open(
      `<p na-bind="name"></p>
       <section na-scope="2" na-type="List"><p na-bind="name"></p></section>
       <section na-scope="1" na-type="Other"><p na-bind="name"></p></section>
       <section na-scope="1" na-type="List"><p na-bind="name"></p></section>`,
    );
    await server.event('mount', 3);
    expect(server.received.map(({ message }) => `${message.type}:${message.instance}`)).toEqual([
      'List:1',
      'List:2',
      'Other:1',
    ]);
    server.send(update('name', 'two', '2'), update('name', 'other', '1', 'Other'), update('name', 'one'));
    await page.getByText('one').first().waitFor();
    expect(await page.locator('p').allTextContents()).toEqual(['one', 'two', 'other', 'one']);
  });

  it('bind $path scopes to the root instance, or to the one that the page maps them to', async () => {
    const body = `<div na-scope="$account.owner" na-type="App"><p na-bind="name"></p><b na-bind="$motto"></b></div>`;
    const { page, server } = await openClientPage(openPage, body);
    expect(server.received[0]!.message).toMatchObject({ event: 'mount', instance: 'root', type: 'App' });
    server.send(
      update('account', { owner: { name: 'Zoë' } }, 'root', 'App'),
      update('motto', 'Onwards', 'root', 'App'),
    );
    await page.getByText('Onwards').waitFor();
    expect(await page.locator('p').textContent()).toBe('Zoë');

    const script = `<script>NASC_OPTIONS = { mapScopeToInstance: (scope, type) => type + '/' + scope }</script>`;
    const mapped = await openClientPage(openPage, script + body);
    expect(mapped.server.received[0]!.message.instance).toBe('App/$account.owner');
  });

  it('set value and checked of controls', async () => {
    const { page, server } = await open(
      `<input id="text" ng-bind="name"><textarea ng-bind="name"></textarea><input type="checkbox" na-bind="done">
       <input type="radio" value="a" ng-bind="size"><input type="radio" value="b" ng-bind="size">
       <select ng-bind="size"><option>a</option><option>b</option></select><input type="file" ng-bind="name">`,
    );
    server.send(update('done', true), update('size', 'b'), update('name', 'Zoë'));
    await page.waitForFunction(() => document.querySelector('textarea')!.value === 'Zoë');
    expect(
      await page.evaluate(() => [
        document.querySelector<HTMLInputElement>('#text')!.value,
        document.querySelector<HTMLInputElement>('[type=checkbox]')!.checked,
        ...[...document.querySelectorAll<HTMLInputElement>('[type=radio]')].map((radio) => radio.checked),
        document.querySelector('select')!.value,
      ]),
    ).toEqual(['Zoë', true, false, true, 'b']);
  });
});

describeInBrowser('an edited control', (openPage) => {
  const body = `<main na-scope="1" na-type="List"><form na-submit="save"><input ng-bind="name"></form>
    <p na-bind="tick"></p></main>`;
  const open = () =>
    openClientPage(openPage, body, { mounted: [update('name', 'Guest'), update('tick', 1)] });

  it('keeps typed text and cursor when a patch repeats its value, focused or not', async () => {
    const { page, server } = await open();
    const input = page.locator('input');
    await page.getByText('1', { exact: true }).waitFor();
    await input.fill('Guest of honour');
    await input.evaluate((element: HTMLInputElement) => element.setSelectionRange(2, 4));
    server.send(update('name', 'Guest'), update('tick', 2));
    await page.getByText('2', { exact: true }).waitFor();
    expect(await input.inputValue()).toBe('Guest of honour');
    expect(await input.evaluate((e: HTMLInputElement) => [e.selectionStart, e.selectionEnd])).toEqual([2, 4]);
    await input.blur();
    server.send(update('name', 'Guest'), update('tick', 3));
    await page.getByText('3', { exact: true }).waitFor();
    expect(await input.inputValue()).toBe('Guest of honour');
  });

  it('keeps typed text while focused when the value changes elsewhere; otherwise shows the new value', async () => {
    const { page, server } = await open();
    const input = page.locator('input');
    await page.getByText('1', { exact: true }).waitFor();
    await input.fill('Typing');
    server.send(update('name', 'Other tab'), update('tick', 2));
    await page.getByText('2', { exact: true }).waitFor();
    expect(await input.inputValue()).toBe('Typing');
    await input.blur();
    server.send(update('name', 'Third tab'), update('tick', 3));
    await page.getByText('3', { exact: true }).waitFor();
    expect(await input.inputValue()).toBe('Third tab');
  });

  it('shows what the server makes of the submitted text', async () => {
    const { page, server } = await open();
    await page.getByText('1', { exact: true }).waitFor();
    await page.locator('input').fill('  Zoë ');
    await page.keyboard.press('Enter');
    expect((await server.event('save')).message.payload).toEqual({ name: '  Zoë ' });
    server.send(update('name', 'Zoë'));
    await page.waitForFunction(() => document.querySelector('input')!.value === 'Zoë');
  });

  it('keeps what was typed before the client connected', async () => {
    let release = (): void => undefined;
    const { page } = await openClientPage(openPage, body.replace('ng-bind', 'value="Guest" ng-bind'), {
      mounted: [update('name', 'Guest'), update('tick', 1)],
      prepare: async (_server, page) => {
        const held = new Promise<void>((resolve) => (release = resolve));
        await page.route('**/nasc/stream*', async (route) => {
          await held;
          await route.continue();
        });
        page.once('domcontentloaded', () => void page.locator('input').fill('Early bird').then(release));
      },
    });
    await page.getByText('1', { exact: true }).waitFor();
    expect(await page.locator('input').inputValue()).toBe('Early bird');
  });
});
