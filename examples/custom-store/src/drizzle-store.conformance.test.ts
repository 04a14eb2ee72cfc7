import { defineTarget, registerConformance } from '@nasc/store-core/conformance';
import { DrizzleStore } from './drizzle-store';
import { temporaryFolder } from './temporary-folder';

const target = defineTarget({
  name: 'drizzle-store',
  createWorld: temporaryFolder,
  open: ({ folder }) => new DrizzleStore(`${folder}/store.db`),
  durable: true,
});

registerConformance(target, { describe, it });
