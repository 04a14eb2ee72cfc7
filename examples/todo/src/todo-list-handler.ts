import { randomUUID } from 'node:crypto';

/** One thing to do. */
export interface Todo {
  id: string;
  title: string;
  completed: boolean;
}

/** Things to do, in the order the user gave them. */
export interface TodoList {
  id: string;
  items: Todo[];
}

/** What the buttons of a row send. */
interface RowPayload {
  id?: unknown;
}

/** The todo list. */
export const todoListHandler = {
  /** A list with something in it to try out. */
  mount({ todolistId }: { todolistId: string }): TodoList {
    const items = [
      { id: '1', title: 'Learn Nasc', completed: true },
      { id: '2', title: 'Build an app', completed: false },
    ];
    return { id: todolistId, items };
  },

  /** Adds a todo at the end; one without a title is none. */
  add_todo({ title }: { title?: unknown }, current: TodoList): TodoList {
    const text = typeof title === 'string' ? title.trim() : '';
    if (text === '') return current;
    return { ...current, items: [...current.items, { id: randomUUID(), title: text, completed: false }] };
  },

  /** Marks a todo as done, or as not done. */
  toggle_todo({ id }: RowPayload, current: TodoList): TodoList {
    const toggled = (item: Todo): Todo => (item.id === id ? { ...item, completed: !item.completed } : item);
    return { ...current, items: current.items.map(toggled) };
  },

  /** Changes places with the todo above. */
  move_up({ id }: RowPayload, current: TodoList): TodoList {
    return move(current, id, -1);
  },

  /** Changes places with the todo below. */
  move_down({ id }: RowPayload, current: TodoList): TodoList {
    return move(current, id, 1);
  },

  /** Takes a todo off the list. */
  remove_todo({ id }: RowPayload, current: TodoList): TodoList {
    return { ...current, items: current.items.filter((item) => item.id !== id) };
  },
};

function move(current: TodoList, id: unknown, by: -1 | 1): TodoList {
  const items = [...current.items];
  const from = items.findIndex((item) => item.id === id);
  const to = from + by;
  const moved = items[from];
  const other = items[to];
  if (moved === undefined || other === undefined) return current;
  items[to] = moved;
  items[from] = other;
  return { ...current, items };
}
