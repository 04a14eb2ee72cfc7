import { registerConformance } from '@nasc/store-core/conformance';
import { join } from 'node:path';
import target from './kysely-store.target.ts';

registerConformance({ ...target, module: join(__dirname, 'kysely-store.target.ts') }, { describe, it });
