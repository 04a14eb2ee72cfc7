export { defineTarget } from './define-target';
export type {
  ConformanceTarget,
  CostProbes,
  EndFault,
  FaultProbes,
  MaybeAsync,
  RawProbes,
  Waiver,
  World,
} from './define-target';
export { formatReport } from './format-report';
export { registerConformance } from './register-conformance';
export type { TestRunner } from './register-conformance';
export type { ConformanceReport, Level, LevelOutcome, Outcome, RuleResult } from './report';
export { runConformance } from './run-conformance';
export type { RunOptions } from './run-conformance';
export { suiteMapping } from './suite-mapping';
export { suiteSchema } from './suite-schema';
