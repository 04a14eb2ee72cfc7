import tseslint from 'typescript-eslint';
import importX from 'eslint-plugin-import-x';

/** The arrows of docs/architecture.md: what each package may import of ours, besides itself. */
const arrows = {
  'packages/store-core': [],
  'packages/store-memory': ['@nasc/store-core'],
  'packages/store-sqlite': ['@nasc/store-core'],
  'packages/store-sqlite-mapped': ['@nasc/store-core', '@nasc/store-sqlite/internal'],
  'packages/store-postgres': ['@nasc/store-core'],
  'packages/client': [],
  'packages/server': ['@nasc/store-core', '@nasc/store-memory', '@nasc/client'],
};

const arrowRules = Object.entries(arrows).map(([folder, allowed]) => ({
  files: [`${folder}/src/**/*.ts`],
  // Tests and what only tests use may import any store: they prove that the packages work together.
  ignores: ['**/*.test.ts', '**/*.soak.ts', '**/test-support/**'],
  rules: {
    '@typescript-eslint/no-restricted-imports': [
      'error',
      {
        patterns: [
          {
            regex: `^@nasc/(?!(${allowed.map((name) => name.replace('@nasc/', '')).join('|') || '$'})(/conformance)?$)`,
            message: 'Against the arrows of docs/architecture.md.',
          },
          { regex: '(^|/)examples/', message: 'Nothing imports an example.' },
        ],
      },
    ],
  },
}));

export default tseslint.config(
  { ignores: ['**/dist/**', '**/node_modules/**', '**/.turbo/**', '**/coverage/**'] },
  ...tseslint.configs.recommended,
  {
    plugins: { 'import-x': importX },
    rules: {
      'import-x/no-relative-packages': 'error',
      'import-x/no-cycle': 'error',
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
  { files: ['**/*.cjs'], rules: { '@typescript-eslint/no-require-imports': 'off' } },
  ...arrowRules,
);
