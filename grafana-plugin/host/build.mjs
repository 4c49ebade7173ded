// Bundles the standalone page. The plugin itself is not part of it: the page loads the built one, as Grafana does.
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = path.dirname(fileURLToPath(import.meta.url));
const modules = path.join(here, '../node_modules');
const target = path.join(here, 'dist');
const fromGrafanaUi = createRequire(path.join(modules, '@grafana/ui/package.json'));

const shared = {
  bundle: true,
  minify: true,
  outdir: target,
  target: 'es2022',
  define: { 'process.env.NODE_ENV': '"production"', define: 'undefined', global: 'globalThis' },
  logLevel: 'error',
};

await rm(target, { recursive: true, force: true });
await mkdir(target, { recursive: true });
const [{ metafile }] = await Promise.all([
  build({
    ...shared,
    entryPoints: [path.join(here, 'main.tsx')],
    format: 'esm',
    splitting: true,
    chunkNames: 'chunks/[name]-[hash]',
    assetNames: 'assets/[name]-[hash]',
    jsx: 'automatic',
    loader: { '.ttf': 'file', '.woff': 'file', '.woff2': 'file', '.svg': 'file', '.png': 'file' },
    plugins: [plainInterop(), oneRouter(), noCodeEditor()],
    metafile: true,
  }),
  build({ ...shared, entryPoints: [path.join(here, 'boot.ts')], format: 'iife' }),
  cp(path.join(here, '../../dashboards'), path.join(target, 'dashboards'), {
    recursive: true,
    filter: (file) => !file.includes('provisioning'),
  }),
  copyIcons(),
  copyFonts(),
]);

await writePage(metafile);

/** The page asks for all scripts that it begins with at once, instead of finding them one in the other. */
async function writePage({ outputs }) {
  const [main] = Object.keys(outputs).filter((file) => path.basename(file) === 'main.js');
  const needed = new Set();
  const follow = (file) => {
    for (const { path: imported, kind } of outputs[file].imports)
      if (kind === 'import-statement' && !needed.has(imported)) {
        needed.add(imported);
        follow(imported);
      }
  };
  follow(main);
  const links = [...needed].map(
    (file) => `<link rel="modulepreload" href="/public/host/chunks/${path.basename(file)}" />`,
  );
  const page = await readFile(path.join(here, 'index.html'), 'utf8');
  const marker = '<link rel="modulepreload" href="/public/host/main.js" />';
  await writeFile(path.join(target, 'index.html'), page.replace(marker, [marker, ...links].join('\n    ')));
}

/** @grafana/ui brings most of Grafana's icons; those that it uses but lacks are drawn in icons/. */
async function copyIcons() {
  const to = path.join(target, 'icons');
  await cp(path.join(modules, '@grafana/ui/dist/public/img/icons'), to, { recursive: true });
  await cp(path.join(here, 'icons'), to, { recursive: true });
}

/** Under the names that Grafana's styles ask for; Inter comes as one file for all weights. */
async function copyFonts() {
  const inter = path.join(modules, '@fontsource-variable/inter/files/inter-latin-wght-normal.woff2');
  const mono = path.join(modules, '@fontsource/roboto-mono/files/roboto-mono-latin-400-normal.woff2');
  const monoName = 'L0xTDF4xlVMF-BfR8bXMIhJHg45mwgGEFl0_3vrtSM1J-gEPT5Ese6hmHSh0mQ.woff2';
  await cp(inter, path.join(target, 'fonts/inter/Inter-Regular.woff2'));
  await cp(inter, path.join(target, 'fonts/inter/Inter-Medium.woff2'));
  await cp(mono, path.join(target, 'fonts/roboto', monoName));
}

/** @grafana's packages are .mjs, for which esbuild reads CommonJS as Node does: default imports become objects. */
function plainInterop() {
  return {
    name: 'plain-interop',
    setup({ onResolve, onLoad, resolve }) {
      onResolve({ filter: /.*/ }, async (args) => {
        if (args.pluginData?.resolved) return undefined;
        const { path: importPath, resolveDir, kind, importer } = args;
        if (!importPath.includes('@grafana/') && !importer.includes(`${path.sep}@grafana${path.sep}`))
          return undefined;
        const options = { resolveDir, kind, importer, pluginData: { resolved: true } };
        const found = await resolve(importPath, options);
        if (found.errors.length > 0 || !/@grafana.*\.mjs$/.test(found.path)) return found;
        const { sideEffects, path: file } = found;
        return {
          path: file.replace(/\.mjs$/, '.js'),
          namespace: 'grafana',
          sideEffects,
          pluginData: { file },
        };
      });
      onLoad({ filter: /.*/, namespace: 'grafana' }, async ({ pluginData }) => ({
        contents: await readFile(pluginData.file, 'utf8'),
        resolveDir: path.dirname(pluginData.file),
        loader: 'js',
      }));
    },
  };
}

/** The very routers that @grafana/ui links with; another copy would have contexts of its own. */
function oneRouter() {
  return {
    name: 'one-router',
    setup({ onResolve }) {
      onResolve({ filter: /^react-router-dom-v5(-compat)?$/ }, ({ path: name }) => ({
        path: fromGrafanaUi.resolve(name === 'react-router-dom-v5' ? 'react-router-dom' : name),
      }));
    },
  };
}

/** Monaco is 3 MB, and no page of the plugin shows code. */
function noCodeEditor() {
  return {
    name: 'no-code-editor',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^(monaco-editor|@monaco-editor)/ }, () => ({
        path: 'none',
        namespace: 'no-code',
      }));
      onLoad({ filter: /.*/, namespace: 'no-code' }, () => ({ contents: 'module.exports = {};' }));
    },
  };
}
