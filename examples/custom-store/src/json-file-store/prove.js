import { formatReport, runConformance } from '@nasc/store-core/conformance';
import { parseArgs } from 'node:util';
import target from './target.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { only: { type: 'string' }, seed: { type: 'string', default: '1' } },
});
const report = await runConformance(target, {
  only: values.only ?? positionals[0],
  seed: Number(values.seed),
});
console.log(formatReport(report, 'node prove.js'));
process.exitCode = report.totals.fail > 0 ? 1 : 0;
