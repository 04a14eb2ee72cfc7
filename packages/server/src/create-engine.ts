import type { ProcessorOptions } from './check-options';
import { Engine } from './events/engine';
import type { Handlers } from './handlers/handler';
import { isolation } from './handlers/handler-input';
import { SchemaCheck } from './handlers/schema-check';
import { schemasOf } from './handlers/schema-provider';
import { instanceStore } from './instances/instance-store';
import { errorsToConsole, safeLogger } from './instances/logger';
import { storeOf, type AnyStore } from './instances/map-store';

/** The engine for arguments that `check-options.ts` has checked. */
export function createEngine(
  handlers: Handlers,
  store: AnyStore,
  { schemaProvider, logger = errorsToConsole, handlerInput }: ProcessorOptions,
): Engine {
  const log = safeLogger(logger);
  const schemas = schemasOf(schemaProvider);
  const instances = instanceStore(storeOf(store));
  const checksSchemas = schemaProvider !== undefined && process.env['NODE_ENV'] !== 'production';
  return new Engine({
    handlers,
    schemas,
    store: instances,
    logger: log,
    // A two-method store can hand out the very objects that it keeps.
    isolation: isolation(instances.supportsConditionalWrites ? handlerInput : 'copy'),
    schemaCheck: checksSchemas ? new SchemaCheck(schemas, log) : undefined,
  });
}
