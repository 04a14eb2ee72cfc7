#!/usr/bin/env node
import { checkNode } from '../check-node';
import { runCommand } from './run-command';

try {
  checkNode();
  void runCommand(process.argv.slice(2), process).then((code) => (process.exitCode = code));
} catch (error) {
  process.stderr.write(`nasc-conformance: ${(error as Error).message}\n`);
  process.exitCode = 2;
}
