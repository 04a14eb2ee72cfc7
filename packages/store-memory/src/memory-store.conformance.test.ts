import { defineTarget, registerConformance } from '@nasc/store-core/conformance';
import { MemoryStore } from './memory-store';

const target = defineTarget({
  name: '@nasc/store-memory',
  createWorld: () => ({ first: new MemoryStore() }),
  open: ({ first }) => new MemoryStore({ shareWith: first }),
});

// A busy machine is slow, and nothing is wrong with the store.
registerConformance(target, { describe, it }, { timeout: 60_000 });
