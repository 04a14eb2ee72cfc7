import { registerConformance } from '@nasc/store-core/conformance';
import { join } from 'node:path';
import target from './drizzle-store.target.ts';

const proved = { ...target, module: join(__dirname, 'drizzle-store.target.ts') };
// A busy machine is slow, and nothing is wrong with the store.
registerConformance(proved, { describe, it }, { timeout: 60_000 });
