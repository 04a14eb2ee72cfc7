/** The suite's own types. Documents of all kinds; the checks also put in what the schema does not say. */
export const DOC = 'ConformanceDoc';
/** Items of lists: child rows of a mapped store, and roots of their own. */
export const ITEM = 'ConformanceItem';
/** Lists with two arrays of the same child type. */
export const LIST = 'ConformanceList';
/** Boards of lists of items: children with children. */
export const BOARD = 'ConformanceBoard';

const text = { type: 'string' };
const items = { type: 'array', items: { $ref: `#/$defs/${ITEM}` } };

/**
 * JSON Schema of the types that the suite writes, in the form of an application's schema: give it to
 * a store that maps types to tables, so that the rules go through its child tables.
 */
export const suiteSchema = {
  $id: '/schemas/conformance.schema.json',
  $defs: {
    [DOC]: {
      type: 'object',
      properties: {
        id: text,
        text,
        count: { type: 'integer' },
        ratio: { type: 'number' },
        flag: { type: 'boolean' },
        day: { type: 'string', format: 'date-time' },
        nested: { type: 'object' },
        tags: { type: 'array', items: text },
      },
      required: ['id'],
    },
    [ITEM]: {
      type: 'object',
      properties: {
        id: text,
        title: text,
        done: { type: 'boolean' },
        rank: { type: 'integer' },
        meta: { type: 'object' },
      },
      required: ['id'],
    },
    [LIST]: {
      type: 'object',
      properties: { id: text, title: text, items, archive: items },
      required: ['id', 'items'],
    },
    [BOARD]: {
      type: 'object',
      properties: {
        id: text,
        title: text,
        lists: { type: 'array', items: { $ref: `#/$defs/${LIST}` } },
        items,
      },
      required: ['id', 'lists'],
    },
  },
};
