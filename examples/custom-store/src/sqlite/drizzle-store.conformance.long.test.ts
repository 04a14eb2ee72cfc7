import { registerConformance } from '@nasc/store-core/conformance';
import { join } from 'node:path';
import target from './drizzle-store.target.ts';

registerConformance({ ...target, module: join(__dirname, 'drizzle-store.target.ts') }, { describe, it });
