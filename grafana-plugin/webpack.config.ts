import CopyWebpackPlugin from 'copy-webpack-plugin';
import type { Configuration } from 'webpack';
import { merge } from 'webpack-merge';
import grafanaConfig, { type Env } from './.config/webpack/webpack.config.ts';

/** create-plugin's build; the logos of nested plugins are copied here, because it copies only the app's own. */
const config = async (env: Env): Promise<Configuration> =>
  merge(await grafanaConfig(env), {
    plugins: [
      new CopyWebpackPlugin({ patterns: [{ from: '**/img/*.{svg,png}', to: '.', noErrorOnMissing: true }] }),
    ],
    performance: { hints: false },
  });

export default config;
