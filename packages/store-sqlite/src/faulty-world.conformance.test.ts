import { defineTarget, registerConformance } from '@nasc/store-core/conformance';
import { SqliteStore } from './sqlite-store';
import { FaultyWorld } from './test-support/faulty-world';
import { faultyWorldProbes } from './test-support/faulty-world-probes';

// What fails is the same for every rule but these; the others run on files of the store's own.
registerConformance(
  defineTarget({
    name: "@nasc/store-sqlite on a caller's Database, which fails,",
    createWorld: () => new FaultyWorld(),
    open: (world) => new SqliteStore(world.connect(), { busyTimeout: 300 }),
    durable: true,
    ...faultyWorldProbes,
  }),
  { describe, it },
  { only: 'F,P,R,M', timeout: 60_000 },
);
