import { renderPage, type Scope } from './render-page';

const fill = async (body: string, states: Record<string, object>): Promise<string> => {
  const stateOf = async ({ type, id }: Scope) => states[`${type}:${id}`] ?? null;
  const page = await renderPage(`<!doctype html><body>${body}`, {}, stateOf);
  return page.replace('<!DOCTYPE html><html><head></head><body>', '').replace('</body></html>', '');
};
const scope = (inner: string): string => `<div na-scope="a" na-type="T">${inner}</div>`;
const filled = async (inner: string, state: object): Promise<string> =>
  (await fill(scope(inner), { 'T:a': state })).slice(
    '<div na-scope="a" na-type="T">'.length,
    -'</div>'.length,
  );

describe('renderPage', () => {
  it('fills texts: plain, dotted, typed, absolute', async () => {
    const page = '<b na-bind="n"></b><b na-bind="o.p">x</b><b na-bind="T:n"></b><b na-bind="$o.p"></b>';
    expect(await filled(page, { n: 1, o: { p: true } })).toBe(
      '<b na-bind="n">1</b><b na-bind="o.p">true</b><b na-bind="T:n">1</b><b na-bind="$o.p">true</b>',
    );
  });

  it('leaves elements whose property the state lacks, and empties those whose value is null', async () => {
    const page =
      '<b na-bind="no">x</b><b na-bind="o">x</b><b na-bind="l">x</b><b na-bind="nil">x</b><b na-bind="constructor">x</b>';
    expect(await filled(page, { o: {}, l: [1], nil: null })).toBe(
      page.replace('na-bind="nil">x', 'na-bind="nil">'),
    );
  });

  it('escapes, whatever the state holds', async () => {
    const evil = `</b><script>alert(1)</script>"'&amp;<img src=x onerror=alert(1)>`;
    const page = '<b na-bind="x"></b><input ng-bind="x"><textarea ng-bind="x"></textarea>';
    const html = await filled(page, { x: evil });
    expect(html).not.toMatch(/<script|<img/);
    expect(html).toContain('value="</b><script>'.replaceAll('<', '&lt;').replaceAll('>', '&gt;'));
  });

  it.each(['script', 'style', 'xmp', 'iframe', 'noscript', 'noembed', 'noframes'])(
    'does not fill <%s>, whose text HTML does not escape',
    async (tag) => {
      const html = await filled(`<${tag} na-bind="x"></${tag}>`, { x: `</${tag}><script>alert(1)</script>` });
      expect(html).toBe(`<${tag} na-bind="x"></${tag}>`);
    },
  );

  it('fills controls: value, checked, selected', async () => {
    expect(await filled('<input ng-bind="s" value="old">', { s: 'a"b' })).toBe(
      '<input ng-bind="s" value="a&quot;b">',
    );
    expect(await filled('<input type="checkbox" ng-bind="b">', { b: true })).toBe(
      '<input type="checkbox" ng-bind="b" checked="">',
    );
    expect(await filled('<input type=CHECKBOX na-bind="b" checked>', { b: false })).toBe(
      '<input type="CHECKBOX" na-bind="b">',
    );
    expect(
      await filled('<input type=radio value=x ng-bind=r><input type=radio value=y ng-bind=r checked>', {
        r: 'x',
      }),
    ).toBe('<input type="radio" value="x" ng-bind="r" checked=""><input type="radio" value="y" ng-bind="r">');
    expect(await filled('<textarea ng-bind="s">old</textarea>', { s: '\na' })).toBe(
      '<textarea ng-bind="s">\n\na</textarea>',
    );
    const select =
      '<select ng-bind="s"><option selected>a</option><optgroup><option value="2">b</option></optgroup></select>';
    expect(await filled(select, { s: 2 })).toBe(
      '<select ng-bind="s"><option>a</option><optgroup><option value="2" selected="">b</option></optgroup></select>',
    );
    expect(await filled('<input type=file ng-bind="s">', { s: 'x' })).toBe('<input type="file" ng-bind="s">');
  });

  const list = (inner: string) =>
    `<ul na-bind="items">${inner}<template na-each="items" na-key="id" na-type="Item"><li><i na-bind="Item:t"></i><input type="checkbox" na-bind="done" data-id="{{id}}"><b na-bind="outer">-</b></li></template></ul>`;
  const clone = (key: string, text: string, checked = '') =>
    `<li na-key-val="${key}" data-na-type-scope="Item"><i na-bind="Item:t">${text}</i><input type="checkbox" na-bind="done" data-id="${key}"${checked}><b na-bind="outer"></b></li>`;

  it('expands lists before their template, in order, and fills them from their items only', async () => {
    const items = [
      { id: 2, t: '<i>' },
      { id: 'x"y', t: 'b', done: true },
    ];
    expect(
      await filled(list('<li na-key-val="old">old</li>'), { items, outer: 'state', t: 'state', done: true }),
    ).toBe(list(clone('2', '&lt;i&gt;') + clone('x&quot;y', 'b', ' checked=""')));
  });

  it('makes a row for every item, even with a repeated key, no key, or a plain value', async () => {
    const items = [{ id: 1, t: 'a' }, { t: 'keyless' }, null, { id: 1, t: 'c' }];
    const rows = [clone('1', 'a'), clone('', 'keyless'), clone('', ''), clone('1', 'c')];
    expect(await filled(list(''), { items })).toBe(list(rows.join('')));
  });

  it('empties a list whose value is not an array, and leaves one that the state lacks', async () => {
    const page = list('<li na-key-val="old">old</li>');
    expect(await filled(page, { items: 'x' })).toBe(list(''));
    expect(await filled(page, {})).toBe(page);
  });

  it('fills lists in lists, absolute bindings in rows, and two lists side by side', async () => {
    const inner = '<template na-each="tags" na-key="k"><i data-id="" na-bind="k"></i></template>';
    const row = (key: string, tags: string) =>
      `<p na-key-val="${key}" data-id="${key}"><b na-bind="$n">7</b>${tags}${inner}</p>`;
    const model = `<p data-id=""><b na-bind="$n"></b>${inner}</p>`;
    const outer = `<template na-each="a" na-key="id">${model}</template>`;
    const second = '<template na-each="b" na-key="id"><s na-bind="id"></s></template>';
    const state = {
      n: 7,
      a: [
        { id: 'x', tags: [{ k: 1 }, { k: 2 }] },
        { id: 'y', tags: [] },
      ],
      b: [{ id: 'z' }],
    };
    const tag = (k: number) => `<i data-id="${k}" na-bind="k" na-key-val="${k}">${k}</i>`;
    expect(await filled(`<div>${outer}${second}</div>`, state)).toBe(
      `<div>${row('x', tag(1) + tag(2))}${row('y', '')}${outer}<s na-bind="id" na-key-val="z">z</s>${second}</div>`.replaceAll(
        /<p na-key-val="(.)" data-id="."/g,
        '<p data-id="$1" na-key-val="$1"',
      ),
    );
  });

  it('uses the nearest scope, and asks once for each instance', async () => {
    const stateOf = jest.fn(async ({ id }: Scope) => (id === 'gone' ? null : { n: id }));
    const b = '<b na-bind="n">-</b>';
    const page = `<div na-scope=a na-type=T>${b}<div na-scope=b na-type=T>${b}</div><div na-scope=gone na-type=T>${b}</div><div na-scope=a na-type=T>${b}</div><div na-scope=q>${b}</div></div>${b}`;
    const html = await renderPage(page, {}, stateOf);
    expect(html.match(/<b na-bind="n">[^<]*/g)?.map((text) => text.slice('<b na-bind="n">'.length))).toEqual([
      'a',
      'b',
      '-',
      'a',
      '-',
      '-',
    ]);
    expect(stateOf.mock.calls.map(([{ id }]) => id)).toEqual(['a', 'b', 'gone']);
  });

  it('reads a $path scope from the instance it is mapped to', async () => {
    const page = '<div na-scope="$o.p" na-type="T"><b na-bind="q"></b><b na-bind="$n"></b></div>';
    const stateOf = async ({ id }: Scope) => ({ n: id, o: { p: { q: 5 } } });
    expect(await renderPage(page, {}, stateOf)).toContain('<b na-bind="q">5</b><b na-bind="$n">root</b>');
    const mapped = await renderPage(page, { mapScopeToInstance: (name) => name.slice(1) }, stateOf);
    expect(mapped).toContain('<b na-bind="$n">o.p</b>');
  });

  it('leaves a list in an SVG, where a template is an ordinary element', async () => {
    const page =
      '<svg><g><template na-each="l" na-key="id"><text na-bind="m">-</text></template></g><text na-bind="n">-</text></svg>';
    expect(await filled(page, { l: [{ id: 1 }], n: 2 })).toBe(page.replace('na-bind="n">-', 'na-bind="n">2'));
  });

  it('keeps the rest of the page', async () => {
    const page =
      '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><script>if (a < b && c) d("</b>")</script></head><body><!-- note --><p>a &amp; b</p></body></html>';
    expect(await renderPage(page, {}, async () => null)).toBe(page);
  });
});
