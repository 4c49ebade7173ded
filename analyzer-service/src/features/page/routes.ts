import { type Context, Hono } from 'hono';
import { secureHeaders } from 'hono/secure-headers';
import { AppError } from '../../errors.ts';
import type { AppEnvironment } from '../../http/app-environment.ts';
import { readPageState } from './page-state.ts';
import { type StaticFile, readStaticFile } from './static-files.ts';
import { writeWaitingPage } from './waiting-page.ts';

const PLUGIN_ID = 'sonde-troubleshoot-app';
const PROXY = `/api/plugin-proxy/${PLUGIN_ID}/backend`;
/** Where the page keeps the path that it is at: all of them are the same document. */
const PAGE_PATHS = ['/', '/a/*', '/d/*', '/plugins/*'];
/** File names with a hash of what they hold, and chunks that are asked for with one. */
const NEVER_CHANGES = 'public, max-age=31536000, immutable';
const ASK_AGAIN = 'no-cache';

/**
 * The plugin outside Grafana: the standalone page of `pluginDir`, the files it loads, and a page that says what is
 * missing while they are not built. Holds no logs: those come from the API, with its access check.
 */
export function pageRoutes(pluginDir: string): Hono<AppEnvironment> {
  const routes = new Hono<AppEnvironment>();
  const folders = [
    { prefix: '/public/host/', folder: `${pluginDir}/host/dist` },
    { prefix: '/public/fonts/', folder: `${pluginDir}/host/dist/fonts` },
    { prefix: '/public/build/img/icons/', folder: `${pluginDir}/host/dist/icons` },
    { prefix: `/public/plugins/${PLUGIN_ID}/`, folder: `${pluginDir}/dist` },
  ];
  for (const path of PAGE_PATHS) {
    routes.get(path, pageHeaders(), async (c) => {
      const state = await readPageState(pluginDir);
      const page = state.built ? await readStaticFile(`${pluginDir}/host/dist`, 'index.html') : null;
      return page ? answerFile(c, page, ASK_AGAIN) : c.html(writeWaitingPage(state), 503);
    });
  }
  for (const { prefix, folder } of folders) {
    routes.get(`${prefix}*`, async (c) => {
      const name = decodeURIComponent(c.req.path.slice(prefix.length));
      const file = await readStaticFile(folder, name);
      if (!file) throw new AppError('not_found', `The page has no file ${name}. Load the page again.`);
      const hashed = c.req.query('_cache') !== undefined || /^(chunks|assets)\//.test(name);
      return answerFile(c, file, hashed ? NEVER_CHANGES : ASK_AGAIN);
    });
  }
  return routes;
}

/** What Grafana's plugin proxy does, without a server between: calls of the page reach the API as if made there. */
export function pluginProxy(forward: (request: Request, env: unknown) => Response | Promise<Response>) {
  return new Hono().all(`${PROXY}/*`, (c) => {
    const url = new URL(c.req.url);
    url.pathname = url.pathname.slice(PROXY.length);
    return forward(new Request(url, c.req.raw), c.env);
  });
}

function answerFile(c: Context, { content, etag, type }: StaticFile, cacheControl: string): Response {
  const headers = { etag, 'cache-control': cacheControl, 'x-content-type-options': 'nosniff' };
  if (c.req.header('if-none-match') === etag) return c.body(null, 304, headers);
  return c.body(content, 200, { ...headers, 'content-type': type });
}

/** Scripts come from here only and none stands in the document; Grafana's components write their styles at run time. */
function pageHeaders() {
  return secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'self'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'", "'unsafe-inline'"],
      imgSrc: ["'self'", 'data:'],
      fontSrc: ["'self'", 'data:'],
      connectSrc: ["'self'"],
      workerSrc: ["'self'", 'blob:'],
      objectSrc: ["'none'"],
      baseUri: ["'none'"],
      formAction: ["'self'"],
      frameAncestors: ["'none'"],
    },
  });
}
