/** The warnings that stores give for what the suite does to them on purpose. */
const PROVOKED = new Set(['NASC_WATCH_LISTENER', 'NASC_WATCH_ENDED']);

let runs = 0;
let emitWarning: typeof process.emitWarning | undefined;

/**
 * Hold back the warnings that the suite provokes; all others are given as ever. It works whichever copy
 * of this package the store has: what is replaced is a function of the process.
 *
 * @returns a function that ends it; the last of several puts the original back.
 */
export function holdBackWarnings(): () => void {
  if (runs++ === 0) {
    emitWarning = process.emitWarning;
    process.emitWarning = filtered(emitWarning);
  }
  let ended = false;
  return () => {
    if (ended) return;
    ended = true;
    if (--runs > 0 || emitWarning === undefined) return;
    process.emitWarning = emitWarning;
    emitWarning = undefined;
  };
}

function filtered(original: typeof process.emitWarning): typeof process.emitWarning {
  return (...args: unknown[]) => {
    const code = codeOf(args);
    if (code !== undefined && PROVOKED.has(code)) return;
    Reflect.apply(original, process, args);
  };
}

/** `emitWarning(warning, { code })`, `emitWarning(warning, type, code)`, or an error that has a code. */
function codeOf([warning, options, code]: readonly unknown[]): string | undefined {
  for (const from of [options, warning]) {
    const found = typeof from === 'object' && from !== null ? (from as { code?: unknown }).code : undefined;
    if (typeof found === 'string') return found;
  }
  return typeof code === 'string' ? code : undefined;
}
