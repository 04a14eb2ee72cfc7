import { MemoryStore } from '@nasc/store-memory';
import { createProcessor } from '../create-processor';
import { silent } from '../test-support/served';

const schemaProvider = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  $defs: {
    List: {
      $id: 'https://example.org/List',
      type: 'object',
      properties: { email: { type: 'string', format: 'email' }, items: { items: { $ref: '#/$defs/Todo' } } },
      required: ['owner'],
    },
    Todo: { properties: { title: { type: 'string' }, by: { $ref: '#/$defs/User' } } },
    User: { properties: { name: { type: 'string' } } },
    Broken: { $ref: 'https://example.org/nowhere' },
  },
};
const handlers = {
  List: { mount: () => ({}), become: (payload: object) => payload },
  Broken: { mount: () => ({ a: 1 }) },
  Free: { mount: () => ({ a: 1 }) },
};

function setUp() {
  const warn = jest.fn<void, [object, string]>();
  const process = createProcessor(handlers, new MemoryStore(), {
    schemaProvider,
    logger: { ...silent, warn },
  });
  const become = (payload: Record<string, unknown>) =>
    process({ event: 'become', type: 'List', instance: 'a', payload });
  return { process, become, lines: () => warn.mock.calls.map(([fields]) => fields) };
}

describe('in development, the log', () => {
  it('says which value of a state does not match the schema, once per kind and without the value', async () => {
    const { process, become, lines } = setUp();
    await process({ event: 'mount', type: 'List', instance: 'a' });
    await become({ email: 'ann@example.org', items: [{ title: 'ok', by: { name: 'Ann' } }] });
    expect(lines()).toEqual([]);
    const items = [{ title: 'ok' }, { title: 'ok', by: { name: 7 } }];
    expect(await become({ email: 'secret', items })).toMatchObject([{ value: 'secret' }, { value: items }]);
    await become({ email: 'another', items: items.reverse() });
    expect(lines()).toEqual([
      { type: 'List', id: 'a', path: '/email', reason: 'must match format "email"' },
      { type: 'List', id: 'a', path: '/items/1/by/name', reason: 'must be string' },
    ]);
  });

  it('says once that a schema is invalid, and nothing about a type without a schema', async () => {
    const { process, lines } = setUp();
    for (const type of ['Broken', 'Broken', 'Free']) await process({ event: 'mount', type, instance: 'a' });
    expect(lines()).toEqual([{ type: 'Broken', err: expect.anything() }]);
  });

  it('is silent in production', async () => {
    const environment = jest.replaceProperty(process, 'env', { ...process.env, NODE_ENV: 'production' });
    const { process: send, become, lines } = setUp();
    environment.restore();
    await send({ event: 'mount', type: 'List', instance: 'a' });
    await become({ email: 'secret' });
    expect(lines()).toEqual([]);
  });
});
