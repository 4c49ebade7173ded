import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { Hono } from 'hono';
import type { OpenAPIHono } from '@hono/zod-openapi';
import type { AppEnvironment } from './app-environment.ts';

/** Serves the description at /openapi.json. */
export function describeApi(app: OpenAPIHono<AppEnvironment>, version: string): void {
  const scheme = (name: string, value: Parameters<typeof app.openAPIRegistry.registerComponent>[2]) =>
    app.openAPIRegistry.registerComponent('securitySchemes', name, value);
  const about = 'An API key, made by "sonde keys create". Asked for as soon as one exists.';
  scheme('bearer', { type: 'http', scheme: 'bearer', description: about });
  scheme('header', { type: 'apiKey', in: 'header', name: 'X-API-Key', description: about });
  app.doc31('/openapi.json', {
    openapi: '3.1.0',
    security: [{ bearer: [] }, { header: [] }, {}],
    info: {
      title: 'Sonde analyzer',
      version,
      description: 'Answers what broke, since when, where it started, and which log lines prove it.',
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
  });
}

const ASSETS: Readonly<Record<string, string>> = {
  'swagger-ui.css': 'text/css',
  'swagger-ui-bundle.js': 'text/javascript',
  'favicon-32x32.png': 'image/png',
};

const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>Sonde API</title>
    <link rel="icon" href="/docs/favicon-32x32.png" />
    <link rel="stylesheet" href="/docs/swagger-ui.css" />
  </head>
  <body>
    <div id="api"></div>
    <script src="/docs/swagger-ui-bundle.js"></script>
    <script src="/docs/start.js"></script>
  </body>
</html>
`;

const START =
  "SwaggerUIBundle({ url: '/openapi.json', dom_id: '#api', deepLinking: true, tryItOutEnabled: true });\n";

/** The page at /docs. Its files come from the installed package, so that it works without the internet. */
export function docsPage(): Hono {
  const folder = path.dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
  const page = new Hono();
  page.get('/', (c) => c.html(PAGE));
  page.get('/start.js', (c) => c.body(START, 200, { 'content-type': 'text/javascript' }));
  for (const [file, type] of Object.entries(ASSETS)) {
    page.get(`/${file}`, async (c) =>
      c.body(await readFile(path.join(folder, file)), 200, {
        'content-type': type,
        'cache-control': 'max-age=86400',
      }),
    );
  }
  return page;
}
