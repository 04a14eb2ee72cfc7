import { defineTarget, registerConformance } from '@nasc/store-core/conformance';
import { KyselyStore } from './kysely-store';
import { temporaryFolder } from './temporary-folder';

const target = defineTarget({
  name: 'kysely-store',
  createWorld: temporaryFolder,
  open: ({ folder }) => new KyselyStore(`${folder}/store.db`),
  durable: true,
});

registerConformance(target, { describe, it });
