import { describe, it } from 'node:test';
import { registerConformance } from '@nasc/store-core/conformance';
import described from './target.cjs';

const { only, target } = described;
registerConformance(target, { describe, it }, { only });
