import { registerConformance } from '@nasc/store-core/conformance';
import { join } from 'node:path';
import target from './kysely-store.target.ts';

const proved = { ...target, module: join(__dirname, 'kysely-store.target.ts') };
// A busy machine is slow, and nothing is wrong with the store.
registerConformance(proved, { describe, it }, { timeout: 60_000 });
