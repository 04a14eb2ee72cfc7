export { applyEvent } from './apply-event';
export type { AppliedEvent } from './apply-event';
export type { AccessOptions, Authorize } from './access';
export { attachNasc } from './attach-nasc';
export type { Nasc, NascOptions } from './attach-nasc';
export type { ProcessorOptions, Target } from './engine';
export type { EventMethod, Handler, HandlerContext, Handlers, Payload } from './handler';
export type { HandlerSummary } from './handler-events';
export type { HandlerInput } from './handler-input';
export type { Logger } from './logger';
export type { AnyStore } from './map-store';
export type { PageOptions } from './page-route';
export { createProcessor } from './processor';
export type { IncomingMessage, ProcessMessage } from './processor';
export type {
  SchemaDocument,
  SchemaFunction,
  SchemaMap,
  SchemaProvider,
  SchemaSource,
} from './schema-provider';
