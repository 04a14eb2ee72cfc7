/** The state that everything is measured with: a todo list, as the example app has it. */
export interface TodoList {
  id: string;
  items: Todo[];
}

/** An item of a {@link TodoList}. */
export interface Todo {
  id: string;
  title: string;
  completed: boolean;
}

/** A kind of change: from one state to the next, as immutable code makes it; what stays is the same object. */
export interface Change {
  readonly name: string;
  /** @param turn numbers the changes, so that no two in a row touch the same item. */
  next(list: TodoList, turn: number): TodoList;
  /** The list grows with it: what is measured begins anew each time. */
  readonly grows?: boolean;
  /** How many items there must be for anything to change; default 1. SQLite writes nothing where nothing has. */
  readonly least?: number;
}

/** A list of so many items. */
export function makeTodoList(id: string, items: number): TodoList {
  return { id, items: Array.from({ length: items }, (_, i) => makeTodo(id, i)) };
}

function makeTodo(list: string, i: number): Todo {
  return { id: `${list}-${i}`, title: `Buy ${i % 12} litres of milk, and bread`, completed: i % 3 === 0 };
}

/** One item is ticked, or no longer. */
export const toggle: Change = {
  name: 'toggle',
  next: (list, turn) => {
    const at = spread(turn, list.items.length);
    return {
      ...list,
      items: list.items.map((item, i) => (i === at ? { ...item, completed: !item.completed } : item)),
    };
  },
};

const append: Change = {
  name: 'append',
  next: (list, turn) => ({ ...list, items: [...list.items, makeTodo(`${list.id}-new-${turn}`, turn)] }),
  grows: true,
};

const move: Change = {
  name: 'move',
  next: (list, turn) => {
    // Not the last one, which is at the end already.
    const at = spread(turn, list.items.length - 1);
    return { ...list, items: [...list.items.toSpliced(at, 1), ...list.items.slice(at, at + 1)] };
  },
  least: 2,
};

const rewrite: Change = {
  name: 'rewrite',
  next: (list, turn) => ({
    ...list,
    items: list.items.map((item) => ({ ...item, title: `Rewritten in turn ${turn}` })),
  }),
};

/** One toggle, an append, a move to the end, and every title new. */
export const changes: readonly Change[] = [toggle, append, move, rewrite];

/** Visits the whole list in strides that share no factor with its length. */
function spread(turn: number, length: number): number {
  return (turn * 7_919) % length;
}
