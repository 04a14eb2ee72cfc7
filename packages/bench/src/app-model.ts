/** Schema and mapping of a todo list, as an app hands them to the mapped store. */
export const appModel = {
  schema: {
    $defs: {
      TodoList: {
        type: 'object',
        properties: {
          id: { type: 'string' },
          items: { type: 'array', items: { $ref: '#/$defs/Todo' } },
        },
        required: ['id', 'items'],
      },
      Todo: {
        type: 'object',
        properties: {
          id: { type: 'string' },
          title: { type: 'string' },
          completed: { type: 'boolean' },
        },
        required: ['id', 'title', 'completed'],
      },
    },
  },
  mapping: {
    TodoList: { 'x-na:store': { entity: 'todo_lists', pk: 'id' } },
    Todo: { 'x-na:store': { entity: 'todos', pk: 'id' } },
  },
};
