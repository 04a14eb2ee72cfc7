import { registerConformance } from '@nasc/store-core/conformance';
import { conformanceTarget } from './test-support/conformance-target';

// The other groups are about the driver, which SqliteStore proves each time; the long lane asks them here too.
const only = 'B,V,A,I,K,D,C,R,M,E,F,P';
registerConformance(conformanceTarget, { describe, it }, { only, timeout: 60_000 });
