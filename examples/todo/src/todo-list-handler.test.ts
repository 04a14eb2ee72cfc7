import { todoListHandler, type TodoList } from './todo-list-handler';

const list: TodoList = {
  id: 'my-list',
  items: ['1', '2', '3'].map((id) => ({ id, title: `todo ${id}`, completed: false })),
};

const ids = ({ items }: TodoList) => items.map(({ id }) => id).join('');

describe('todoListHandler', () => {
  it('adds a todo with a trimmed title and a new id at the end', () => {
    const { items } = todoListHandler.add_todo({ title: '  Milk ' }, list);
    expect(items).toHaveLength(4);
    expect(items[3]).toEqual({ id: expect.stringMatching(/^.{36}$/), title: 'Milk', completed: false });
  });

  it.each([undefined, '', '  ', 5, { length: 1 }])('adds nothing for the title %j', (title) => {
    expect(todoListHandler.add_todo({ title }, list)).toBe(list);
  });

  it('moves a todo by one place, and not beyond the ends', () => {
    expect(ids(todoListHandler.move_up({ id: '2' }, list))).toBe('213');
    expect(ids(todoListHandler.move_up({ id: '1' }, list))).toBe('123');
    expect(ids(todoListHandler.move_down({ id: '2' }, list))).toBe('132');
    expect(ids(todoListHandler.move_down({ id: '3' }, list))).toBe('123');
  });

  it('leaves the list alone when there is no such todo', () => {
    for (const event of ['toggle_todo', 'move_up', 'move_down', 'remove_todo'] as const) {
      expect(todoListHandler[event]({ id: 'none' }, list)).toEqual(list);
      expect(todoListHandler[event]({}, list)).toEqual(list);
    }
  });

  it('toggles and removes', () => {
    const toggled = todoListHandler.toggle_todo({ id: '2' }, list);
    expect(toggled.items.map(({ completed }) => completed)).toEqual([false, true, false]);
    expect(ids(todoListHandler.remove_todo({ id: '2' }, list))).toBe('13');
  });
});
