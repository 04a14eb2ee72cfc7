const { registerConformance } = require('@nasc/store-core/conformance');
const { target, only } = require('./target.cjs');

// jest and mocha: describe and it are global.
registerConformance(target, { describe, it }, { only });
