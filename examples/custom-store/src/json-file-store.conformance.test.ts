import { defineTarget, registerConformance } from '@nasc/store-core/conformance';
import { JsonFileStore } from './json-file-store';
import { temporaryFolder } from './temporary-folder';

const target = defineTarget({
  name: 'json-file-store',
  createWorld: temporaryFolder,
  open: ({ folder }) => new JsonFileStore(folder),
  durable: true,
});

registerConformance(target, { describe, it });
