import { defineTarget, formatReport, runConformance } from '@nasc/store-core/conformance';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { JsonFileStore } from './json-file-store.js';

const target = defineTarget({
  name: 'json-file-store',
  createWorld() {
    const folder = mkdtempSync(join(tmpdir(), 'json-file-store-'));
    return { folder, destroy: () => rmSync(folder, { recursive: true }) };
  },
  open: ({ folder }) => new JsonFileStore(folder),
  durable: true,
});

const report = await runConformance(target, { only: process.argv[2] });
console.log(formatReport(report));
process.exitCode = report.totals.fail > 0 ? 1 : 0;
