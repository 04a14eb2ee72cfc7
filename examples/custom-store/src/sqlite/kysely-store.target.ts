import { defineTarget } from '@nasc/store-core/conformance';
import { KyselyStore } from './kysely-store.ts';
import { corruptRow as corrupt } from '../test-support/corrupt-row.ts';
import { temporaryFolder as createWorld } from '../test-support/temporary-folder.ts';

/** For `npx nasc-conformance src/sqlite/kysely-store.target.ts`, for tests, and for the processes that both start. */
export default defineTarget({
  name: 'kysely-store',
  createWorld,
  open: ({ folder }) => new KyselyStore(`${folder}/store.db`, 'relaxed'),
  durable: true,
  raw: { corrupt },
});
