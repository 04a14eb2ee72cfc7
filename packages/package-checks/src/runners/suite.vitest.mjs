import { registerConformance } from '@nasc/store-core/conformance';
import { describe, it } from 'vitest';
import described from './target.cjs';

const { only, target } = described;
registerConformance(target, { describe, it }, { only });
