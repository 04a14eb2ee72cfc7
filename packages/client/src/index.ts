export { WS_SUBPROTOCOL } from './protocol';
export type {
  BindUpdatePatch,
  ClientMessage,
  Envelope,
  ErrorPatch,
  JsonSchema,
  Patch,
  SchemaPatch,
} from './protocol';
