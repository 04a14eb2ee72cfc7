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
