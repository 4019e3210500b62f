/** What the compiler does not check: promises left alone, rooms importing what they must not, science that is not pure. */
import { builtinModules } from 'node:module';
import tseslint from 'typescript-eslint';

const BUILTINS = builtinModules.flatMap((name) => [name, `node:${name}`]);
const typesOnly = (group, message) => ({ group, message, allowTypeImports: true });

/** In the workflow sandbox: only contracts/, the workflow SDK, and types. */
const workflowImports = {
  paths: [
    ...BUILTINS.map((name) => ({ name, message: 'Workflows have no Node: do it in an activity.' })),
    ...['worker', 'client', 'activity'].map((name) => ({ name: `@temporalio/${name}`, message: 'Not for workflow code.', allowTypeImports: true })),
  ],
  patterns: [
    typesOnly(['**/analysis/**', '**/storage/**', '**/formats/**', '**/activities/**', '**/config/**', '**/report/**', '**/simulate/**'], 'Workflows import contracts/ and types of activities only.'),
    { group: ['**/workers/**', '**/client/**'], message: 'Nothing imports workers/ or client/.' },
  ],
};

const analysisImports = {
  paths: BUILTINS.map((name) => ({ name, message: 'analysis/ is pure: numbers in, numbers out.' })),
  patterns: [{ group: ['@temporalio/*'], message: 'analysis/ knows nothing of Temporal.' }],
};

const IMPURE = ['process', 'fetch', 'setTimeout', 'setInterval', 'setImmediate', 'performance', 'crypto', 'Buffer', 'console'];
const noDefault = { selector: 'ExportDefaultDeclaration', message: 'Named exports only.' };

export default tseslint.config(
  { ignores: ['dist/**', 'node_modules/**', 'coverage/**', 'analysis/opnmf/kernel/assembly/**', 'analysis/opnmf/kernel/wasm.ts', 'report/brain/viewer-script.ts', 'activities/publish/page-code.ts'] },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { project: ['./tsconfig.json', './tsconfig.browser.json'], tsconfigRootDir: import.meta.dirname } },
    rules: {
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-restricted-syntax': ['error', noDefault],
      'no-console': 'error',
      'prefer-const': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-deprecated': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/return-await': ['error', 'error-handling-correctness-only'],
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-empty-object-type': 'off',
    },
  },
  {
    files: ['workflows/**/*.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': ['error', workflowImports],
      'no-restricted-globals': ['error', ...['process', 'fetch', 'crypto', 'setTimeout', 'setInterval', 'setImmediate', 'Buffer', 'console', 'performance'].map((name) => ({ name, message: 'Not in workflow code: use @temporalio/workflow (sleep, log, uuid4), or an activity.' }))],
    },
  },
  {
    files: ['analysis/**/*.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': ['error', analysisImports],
      'no-restricted-globals': ['error', ...[...IMPURE, 'Date'].map((name) => ({ name, message: 'analysis/ is pure: numbers in, numbers out.' }))],
      'no-restricted-properties': ['error',
        { object: 'Math', property: 'random', message: 'Use analysis/random.ts: results depend on the seed only.' },
        { object: 'Math', property: 'hypot', message: 'Engines round it differently: write Math.sqrt(a * a + b * b).' },
      ],
'@typescript-eslint/require-array-sort-compare': ['error', { ignoreStringArrays: true }],
    },
  },
  {
    files: ['formats/**/*.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': ['error', { paths: ['fs', 'fs/promises', 'node:fs', 'node:fs/promises'].map((name) => ({ name, message: 'formats/ turns bytes into tables; reading them is for activities.' })), patterns: [{ group: ['@temporalio/*'], message: 'formats/ knows nothing of Temporal.' }] }],
    },
  },
  {
    // Assertions on values of unknown type are what tests are made of; the runner's configuration is read as a default export.
    files: ['test/**/*.ts', 'bench/**/*.ts'],
    rules: { '@typescript-eslint/no-unsafe-assignment': 'off', '@typescript-eslint/no-unsafe-member-access': 'off', '@typescript-eslint/no-unsafe-argument': 'off', '@typescript-eslint/unbound-method': 'off', 'no-console': 'off' },
  },
  { files: ['vitest.config.ts', '**/*.mjs', '**/*.js'], extends: [tseslint.configs.disableTypeChecked], rules: { eqeqeq: 'error', 'prefer-const': 'error', 'no-restricted-syntax': 'off' } },
);
