import { readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';

/**
 * Refuses an import that leads back to its own file. Unlike `import-x/no-cycle`, it follows `import type`
 * too: files that need each other's types can't be read, moved or tested apart either.
 */
export const noImportCircle = {
  meta: {
    type: 'problem',
    docs: { description: 'Disallow import circles, type imports included.' },
    messages: { circle: 'Import circle: {{path}}. Move what both files need into a third.' },
    schema: [],
  },
  create(context) {
    const { filename } = context;
    const check = ({ source }) => {
      const imported = source && resolveImport(filename, source.value);
      const path = imported && pathBetween(imported, filename);
      if (!path) return;
      const names = [filename, ...path].map((file) => file.slice(context.cwd.length + 1));
      context.report({ node: source, messageId: 'circle', data: { path: names.join(' → ') } });
    };
    return { ImportDeclaration: check, ExportNamedDeclaration: check, ExportAllDeclaration: check };
  },
};

/** The files on the way from one file to another, both included; `undefined` when no import leads there. */
function pathBetween(from, to, seen = new Set()) {
  if (from === to) return [to];
  if (seen.has(from)) return undefined;
  seen.add(from);
  for (const next of importsOf(from)) {
    const path = pathBetween(next, to, seen);
    if (path) return [from, ...path];
  }
  return undefined;
}

const known = new Map();

/** The files of ours that a file imports. */
function importsOf(file) {
  const { mtimeMs } = statSync(file);
  const cached = known.get(file);
  if (cached?.mtimeMs === mtimeMs) return cached.files;
  const { importedFiles } = ts.preProcessFile(readFileSync(file, 'utf8'), true, true);
  const files = importedFiles
    .map(({ fileName }) => resolveImport(file, fileName))
    .filter((imported) => imported !== undefined);
  known.set(file, { mtimeMs, files });
  return files;
}

/** The file that a relative import means; `undefined` for packages and for what is not there. */
function resolveImport(from, specifier) {
  if (!/^\.\.?(\/|$)/.test(specifier)) return undefined;
  const path = join(dirname(from), specifier);
  const candidates = ['', '.ts', '.mts', '.js', '/index.ts'].map((ending) => path + ending);
  return candidates.find((file) => statSync(file, { throwIfNoEntry: false })?.isFile());
}
