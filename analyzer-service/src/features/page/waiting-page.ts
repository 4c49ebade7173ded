import type { PageState } from './page-state.ts';

const RELOAD_S = 2;

/** What stands in the browser until the page is built: it comes by itself. */
export function writeWaitingPage({ message }: PageState): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta http-equiv="refresh" content="${RELOAD_S}" />
    <title>Sonde</title>
    <style>
      body { font: 16px/1.5 system-ui, sans-serif; max-width: 40em; margin: 15vh auto; padding: 0 1em; }
      :root { color-scheme: light dark; }
    </style>
  </head>
  <body>
    <h1>Sonde</h1>
    <p role="status">${escaped(message)}</p>
    <p>This page reloads by itself. The analyzer runs already: <a href="/docs">its API</a>.</p>
  </body>
</html>
`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
