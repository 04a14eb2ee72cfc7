import tseslint from 'typescript-eslint';
import importX from 'eslint-plugin-import-x';
import { noImportCircle } from './eslint-rules/no-import-circle.js';

/**
 * The arrows of docs/architecture.md: what each package may import of ours, and each room of a package of the
 * files and rooms beside it, apart from itself.
 */
const arrows = {
  'packages/store-core': [],
  'packages/store-memory': ['@nasc/store-core'],
  'packages/store-sqlite': ['@nasc/store-core'],
  'packages/store-sqlite-mapped': ['@nasc/store-core', '@nasc/store-sqlite/internal'],
  'packages/store-postgres': ['@nasc/store-core'],
  'packages/client': [],
  'packages/client/src/dom': ['is-json-object', 'protocol'],
  'packages/client/src/overlay': ['dom', 'is-json-object', 'protocol'],
  'packages/client/src/transport': ['is-json-object', 'protocol'],
  'packages/server': ['@nasc/store-core', '@nasc/store-memory', '@nasc/client'],
  'packages/server/src/http': ['events', 'handlers', 'views', 'pages', 'instances'],
  'packages/server/src/events': ['handlers', 'views', 'instances'],
  'packages/server/src/handlers': ['instances'],
  'packages/server/src/views': ['instances'],
  'packages/server/src/pages': [],
  'packages/server/src/instances': [],
};

const message = 'Against the arrows of docs/architecture.md.';

/** Any name but these. */
const not = (names) => `(?!(${names.join('|') || '$'})(/|$))`;

const packagePattern = (allowed) => ({
  regex: `^@nasc/(?!(${allowed.map((name) => name.replace('@nasc/', '')).join('|') || '$'})(/conformance)?$)`,
  message,
});

/** A room reaches out by `../`; its entry in the table replaces that of its package, so it holds both. */
const arrowRules = Object.entries(arrows).map(([folder, allowed]) => {
  const [owner, room] = folder.split('/src/');
  const patterns =
    room === undefined
      ? [packagePattern(allowed)]
      : [packagePattern(arrows[owner]), { regex: `^\\.\\./${not(allowed)}`, message }];
  return {
    files: [`${owner}/src/${room === undefined ? '' : `${room}/`}**/*.ts`],
    // Tests and what only tests use may import any store: they prove that the packages work together.
    ignores: ['**/*.test.ts', '**/*.soak.ts', '**/test-support/**'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        { patterns: [...patterns, { regex: '(^|/)examples/', message: 'Nothing imports an example.' }] },
      ],
    },
  };
});

/** What makes a test pass or fail by the speed of the machine. */
const timed = [
  {
    selector:
      'ImportDeclaration[source.value=/timers.promises$/] ImportSpecifier[imported.name="setTimeout"]',
    message: 'A test waits for what happens, not for a time.',
  },
  {
    selector: 'NewExpression[callee.name="Promise"] CallExpression[callee.name="setTimeout"]',
    message: 'A test waits for what happens, not for a time.',
  },
  {
    selector:
      'CallExpression[callee.name="expect"] MemberExpression[object.name=/^(performance|Date)$/][property.name=/^(now|eventLoopUtilization)$/]',
    message: 'A test counts; it does not time. See stopClock in @nasc/test-support.',
  },
];

/** An end that comes before it is listened to is waited for without end. */
const startedByHand = {
  selector:
    'ImportDeclaration[source.value=/child_process$/] ImportSpecifier[imported.name=/^(spawn|fork)$/]',
  message: 'Start it with NodeProcess of @nasc/test-support, which misses no end.',
};

export default tseslint.config(
  { ignores: ['**/dist/**', '**/node_modules/**', '**/.turbo/**', '**/coverage/**'] },
  ...tseslint.configs.recommended,
  {
    plugins: { 'import-x': importX, nasc: { rules: { 'no-import-circle': noImportCircle } } },
    rules: {
      'import-x/no-relative-packages': 'error',
      'nasc/no-import-circle': 'error',
      'no-empty': ['error', { allowEmptyCatch: false }],
      eqeqeq: 'error',
      'max-lines': ['error', { max: 400, skipBlankLines: false, skipComments: false }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
    },
  },
  {
    files: ['**/src/**/*.ts'],
    ignores: ['**/*.test.ts'],
    rules: { 'max-lines-per-function': ['error', { max: 50, skipBlankLines: true, skipComments: true }] },
  },
  { files: ['**/index.ts'], rules: { 'no-restricted-syntax': ['error', 'ExportAllDeclaration'] } },
  {
    files: ['**/*.test.ts', '**/*.soak.ts'],
    rules: { 'no-restricted-syntax': ['error', ...timed, startedByHand] },
  },
  {
    files: ['**/test-support/**/*.ts'],
    ignores: ['packages/test-support/**', 'packages/store-core/src/conformance/**', '**/index.ts'],
    rules: { 'no-restricted-syntax': ['error', startedByHand] },
  },
  { files: ['**/*.cjs'], rules: { '@typescript-eslint/no-require-imports': 'off' } },
  ...arrowRules,
);
