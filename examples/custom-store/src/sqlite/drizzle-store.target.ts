import { defineTarget } from '@nasc/store-core/conformance';
import { DrizzleStore } from './drizzle-store.ts';
import { corruptRow as corrupt } from '../test-support/corrupt-row.ts';
import { temporaryFolder as createWorld } from '../test-support/temporary-folder.ts';

/** For `npx nasc-conformance src/sqlite/drizzle-store.target.ts`, for tests, and for the processes that both start. */
export default defineTarget({
  name: 'drizzle-store',
  createWorld,
  open: ({ folder }) => new DrizzleStore(`${folder}/store.db`, 'relaxed'),
  durable: true,
  raw: { corrupt },
});
