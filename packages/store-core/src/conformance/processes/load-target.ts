import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describeError } from '../describe-error';
import { defineTarget, type ConformanceTarget } from '../define-target';

/** A module cannot be used as a target; the message says why, for a person. */
export class UnusableTarget extends Error {
  override readonly name = 'UnusableTarget';
}

/**
 * Import the module of a target.
 *
 * @param url as `moduleUrl` makes it.
 * @throws UnusableTarget when there is none, or when it exports something else.
 */
export async function loadTarget(url: string): Promise<ConformanceTarget> {
  const path = fileURLToPath(url);
  if (!existsSync(path)) throw new UnusableTarget(`There is no file ${path}.`);
  const isTypeScript = /\.[cm]?tsx?$/.test(path);
  if (isTypeScript && !(process.features as { typescript?: unknown }).typescript) {
    const advice = 'Use Node 22.18 or newer, which reads TypeScript, or compile the file first.';
    throw new UnusableTarget(`Node ${process.versions.node} cannot import TypeScript (${path}). ${advice}`);
  }
  let exported: unknown;
  try {
    exported = defaultOf(await import(url));
  } catch (error) {
    throw new UnusableTarget(
      `${path} cannot be imported: ${describeError(error)}${hint(error, isTypeScript)}`,
      {
        cause: error,
      },
    );
  }
  if (typeof exported !== 'object' || exported === null) {
    const form = 'export default defineTarget({ name, createWorld, open }), or module.exports = …';
    throw new UnusableTarget(`${path} has no target as its default export. Write: ${form}`);
  }
  const target = checked(exported as ConformanceTarget, path);
  if (target.module !== undefined) return target;
  // A target may be frozen, or an object of a class.
  return Object.create(target, { module: { value: url, enumerable: true } }) as ConformanceTarget;
}

/** Compilers put the default export of CommonJS one level deeper. */
function defaultOf(namespace: unknown): unknown {
  const { default: exported } = namespace as { default?: unknown };
  const inner = (Object(exported) as { default?: unknown }).default;
  return typeof inner === 'object' && inner !== null ? inner : exported;
}

function checked(target: ConformanceTarget, path: string): ConformanceTarget {
  try {
    return defineTarget(target);
  } catch (error) {
    throw new UnusableTarget(`${path}: ${(error as Error).message}`, { cause: error });
  }
}

function hint(error: unknown, isTypeScript: boolean): string {
  const { code } = Object(error) as { code?: unknown };
  if (code === 'ERR_MODULE_NOT_FOUND' && isTypeScript) {
    return '\nNode reads TypeScript as it stands: imports of files need their ending (./my-store.ts).';
  }
  return code === 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX'
    ? '\nNode only takes types away: enums, namespaces and parameter properties must be compiled first.'
    : '';
}
