export { expectRoundTrips } from './expect-round-trips';
export { NodeProcess, type EndedProcess, type NodeProcessOptions } from './node-process';
export { stopClock, type StoppedClock } from './stop-clock';
export { useTempFolder } from './use-temp-folder';
