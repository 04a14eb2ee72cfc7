const { defineTarget } = require('@nasc/store-core/conformance');
const { MemoryStore } = require('@nasc/store-memory');

/** Sorts what should keep its order, and has no `null`. */
class BrokenStore extends MemoryStore {
  async load(type, id) {
    const state = await super.load(type, id);
    if (Array.isArray(state?.items)) state.items.sort();
    return state ?? undefined;
  }
}

const Store = process.env.NASC_STORE === 'broken' ? BrokenStore : MemoryStore;

module.exports = {
  target: defineTarget({
    name: String(process.env.NASC_STORE),
    createWorld: () => ({ first: new MemoryStore() }),
    open: ({ first }) => new Store({ shareWith: first }),
  }),
  /** With rules that are kept, broken, and (`U`) not applicable. */
  only: ['B', 'K', 'R', 'U'],
};
