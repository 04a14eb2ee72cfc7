export { applyEvent } from './apply-event';
export type { AppliedEvent } from './apply-event';
export { attachNasc } from './attach-nasc';
export type { Nasc } from './attach-nasc';
export type { NascOptions, PageOptions, ProcessorOptions } from './check-options';
export { createProcessor } from './create-processor';
export type { IncomingMessage, ProcessMessage } from './create-processor';
export type { Target } from './events/engine';
export type { EventMethod, Handler, HandlerContext, Handlers, Payload } from './handlers/handler';
export type { HandlerSummary } from './handlers/handler-events';
export type { HandlerInput } from './handlers/handler-input';
export type {
  SchemaDocument,
  SchemaFunction,
  SchemaMap,
  SchemaProvider,
  SchemaSource,
} from './handlers/schema-provider';
export type { AccessOptions, Authorize } from './http/access';
export type { Logger } from './instances/logger';
export type { AnyStore } from './instances/map-store';
