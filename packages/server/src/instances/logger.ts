/** Where the engine writes its lines; a `pino` logger is one. */
export interface Logger {
  /** One line per event that succeeded: `{ type, id, event, changed, rev, ms }`. */
  info(fields: object, message: string): void;
  /** What a client asked for and did not get, including what a handler refused. */
  warn(fields: object, message: string): void;
  /** What you have to fix: a bug in a handler, a store that failed. The error is `err`. */
  error(fields: object, message: string): void;
}

/** The default: errors to the console, nothing else. No line contains values of states. */
export const errorsToConsole: Logger = {
  info: () => undefined,
  warn: () => undefined,
  error: (fields, message) => console.error(`[nasc] ${message}`, fields),
};

/** A logger that never throws: a full log disk must neither undo an event nor end the process. */
export function safeLogger(logger: Logger): Logger {
  const guarded =
    (level: 'info' | 'warn' | 'error') =>
    (fields: object, message: string): void => {
      try {
        logger[level](fields, message);
      } catch (error) {
        process.emitWarning('The logger threw.', { code: 'NASC_LOGGER', detail: String(error) });
      }
    };
  return { info: guarded('info'), warn: guarded('warn'), error: guarded('error') };
}
