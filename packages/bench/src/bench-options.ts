import { parseArgs } from 'node:util';

/** What the command line asked for. */
export interface BenchOptions {
  readonly quick: boolean;
  readonly help: boolean;
  /** The groups to run; all when empty. */
  readonly only: readonly string[];
  /** Where to write the results, beside the sheet. */
  readonly json: string | undefined;
}

/** The command line was wrong; the message says how. */
export class UsageError extends Error {}

/** @throws UsageError for an option or a group that there is not. */
export function parseBenchOptions(args: readonly string[], groups: readonly string[]): BenchOptions {
  const { quick = false, help = false, only = [], json } = parse(args);
  const unknown = only.find((name) => !groups.includes(name));
  if (unknown !== undefined) {
    throw new UsageError(`There is no group '${unknown}'. The groups are ${groups.join(', ')}.`);
  }
  return { quick, help, only, json };
}

/** For `--help`. */
export function usage(groups: readonly { name: string; title: string }[]): string {
  return `Measures the stores beside the bare driver and their peers.

pnpm bench [options]

  --quick         fewer and shorter rounds, under 90 seconds; leaves docs/bench as it is
  --only <group>  only this group; may be repeated; leaves docs/bench as it is
  --json <file>   write the results there
  --help          this

Groups:
${groups.map(({ name, title }) => `  ${name.padEnd(11)} ${title}`).join('\n')}

A full run of all groups writes docs/bench. Exit code 0 also when targets are missed; 2 for wrong options.
`;
}

function parse(args: readonly string[]) {
  try {
    // pnpm hands on the -- that ends its own options.
    const own = args[0] === '--' ? args.slice(1) : [...args];
    return parseArgs({
      args: own,
      options: {
        quick: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
        only: { type: 'string', multiple: true },
        json: { type: 'string' },
      },
    }).values;
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    if (!code?.startsWith('ERR_PARSE_ARGS')) throw error;
    throw new UsageError(`${message}\nSee pnpm bench --help.`, { cause: error });
  }
}
