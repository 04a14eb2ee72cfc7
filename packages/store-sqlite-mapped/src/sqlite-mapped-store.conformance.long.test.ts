import { registerConformance } from '@nasc/store-core/conformance';
import { conformanceTarget } from './test-support/conformance-target';

// The groups that sqlite-mapped-store.conformance.test.ts leaves out.
registerConformance(conformanceTarget, { describe, it }, { only: 'N,U,H', timeout: 60_000 });
