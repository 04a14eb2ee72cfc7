#!/usr/bin/env node
import { runCommand } from './run-command';

if (Number.parseInt(process.versions.node, 10) < 22) {
  process.stderr.write(`nasc-conformance: this is Node ${process.versions.node}; use Node 22 or newer.\n`);
  process.exitCode = 2;
} else {
  void runCommand(process.argv.slice(2), process).then((code) => (process.exitCode = code));
}
