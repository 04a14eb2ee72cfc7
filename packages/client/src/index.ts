export { bindingPath, readPath } from './dom/binding-path';
export type { BindingPath } from './dom/binding-path';
export { WHOLE_EVENT, WS_SUBPROTOCOL } from './protocol';
export type {
  BindUpdatePatch,
  ClientMessage,
  Envelope,
  ErrorPatch,
  JsonSchema,
  Patch,
  SchemaPatch,
  WholeInstance,
} from './protocol';
