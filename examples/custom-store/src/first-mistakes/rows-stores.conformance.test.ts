import { registerConformance } from '@nasc/store-core/conformance';
import { JsonRowsStore } from './json-rows-store';
import { rowsTarget } from './rows-world';
import { VersionedRowsStore } from './versioned-rows-store';

for (const Right of [JsonRowsStore, VersionedRowsStore])
  registerConformance(rowsTarget(Right), { describe, it }, { timeout: 60_000 });
