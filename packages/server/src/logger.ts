/** Where the engine writes its lines; a `pino` logger is one. */
export interface Logger {
  /** One line per event that was done: `{ type, id, event, changed, rev, ms }`. */
  info(fields: object, message: string): void;
  /** What a client asked for and did not get. */
  warn(fields: object, message: string): void;
  /** What went wrong here: a handler that threw, a store that failed; the error is `err`. */
  error(fields: object, message: string): void;
}

/** The default: errors to the console, nothing else. Values of states are in no line. */
export const errorsToConsole: Logger = {
  info: () => undefined,
  warn: () => undefined,
  error: (fields, message) => console.error(`[nasc] ${message}`, fields),
};
