import { defineConfig } from 'eslint/config';
import grafanaConfig from './.config/eslint.config.mjs';

export default defineConfig([
  {
    ignores: [
      'dist/',
      'host/dist/',
      'e2e/screenshots/',
      '.config/',
      '*.mjs',
      'host/*.mjs',
      'webpack.config.ts',
    ],
  },
  ...grafanaConfig,
  // The JSX runtime is automatic (.swcrc, tsconfig.json).
  { rules: { 'react/react-in-jsx-scope': 'off' } },
]);
