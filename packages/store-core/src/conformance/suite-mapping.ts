import { BOARD, DOC, ITEM, LIST } from './suite-schema';

/** The mapping that goes with `suiteSchema`, in the form of an application's mapping. */
export const suiteMapping = {
  $id: '/schemas/conformance.mapping.json',
  [DOC]: { 'x-na:store': { entity: 'conformance_docs', pk: 'id' } },
  [ITEM]: { 'x-na:store': { entity: 'conformance_items', pk: 'id' } },
  [LIST]: { 'x-na:store': { entity: 'conformance_lists', pk: 'id' } },
  [BOARD]: { 'x-na:store': { entity: 'conformance_boards', pk: 'id' } },
};
