import { once } from 'node:events';
import { type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';

/** How the server answers next. */
export type Behaviour =
  | 'openai'
  | 'gemini'
  | 'ollama'
  | 'vllm'
  | 'unauthorized'
  | 'busy'
  | 'broken'
  | 'silent'
  | 'cut'
  | 'wrong json'
  | 'html'
  | 'refusal'
  | 'reasoning';

/** A server that speaks OpenAI's protocol in the dialects of others, and fails in the ways that they fail. */
export async function fakeOpenAi(
  context: Pick<TestContext, 'after'>,
  behaviour: Behaviour = 'openai',
  text?: string,
) {
  const state = { behaviour, calls: 0, keys: [] as string[], bodies: [] as string[] };
  const held: ServerResponse[] = [];
  let underWay = 0;
  const server = createServer((request, response) => {
    underWay++;
    response.on('close', () => underWay--);
    let body = '';
    request.on('data', (chunk) => (body += String(chunk)));
    request.on('end', () => {
      state.calls++;
      state.keys.push(request.headers.authorization ?? '');
      state.bodies.push(body);
      if (request.url === '/v1/embeddings') return answerEmbeddings(response, body);
      if (state.behaviour === 'silent') held.push(response);
      const behaviour = state.behaviour === 'reasoning' ? reasoning(body) : state.behaviour;
      return answerChat(response, behaviour, text);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  context.after(() => {
    server.closeAllConnections();
    server.close();
  });
  /** Ends the answers that fell silent, as if there had only been a pause. */
  const finish = () => {
    const end = { choices: [{ index: 0, delta: { content: 'well' }, finish_reason: 'stop' }] };
    for (const response of held.splice(0)) response.end(`data: ${JSON.stringify(end)}\n\ndata: [DONE]\n\n`);
  };
  /** Answers that the caller still waits for. */
  const open = () => underWay;
  return { state, finish, open, baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1` };
}

const FAULTS: Partial<Record<Behaviour, readonly [number, string, Record<string, string>?]>> = {
  reasoning: [
    400,
    '{"error":{"message":"Unsupported value: \'temperature\' does not support 0 with this model.","type":"invalid_request_error","param":"temperature","code":"unsupported_value"}}',
  ],
  unauthorized: [401, '{"error":{"message":"Incorrect API key provided","code":"invalid_api_key"}}'],
  busy: [429, '{"error":{"message":"Rate limit reached"}}', { 'retry-after': '20' }],
  broken: [500, '{"error":{"message":"The server had an error"}}'],
  html: [200, '<html><body>Sign in</body></html>', { 'content-type': 'text/html' }],
};

/** OpenAI's reasoning models: a temperature and the older name for the limit of tokens are refused. */
function reasoning(body: string): Behaviour {
  return body.includes('"temperature"') || body.includes('"max_tokens"') ? 'reasoning' : 'openai';
}

/** `text` instead of `all well`. */
export function answerChat(response: ServerResponse, behaviour: Behaviour, text = 'all well'): void {
  const middle = Math.floor(text.length / 2);
  const fault = FAULTS[behaviour];
  if (fault) {
    response.writeHead(fault[0], { 'content-type': 'application/json', ...fault[2] });
    response.end(fault[1]);
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const send = (data: unknown) => response.write(`data: ${JSON.stringify(data)}\n\n`);
  const choice = (delta: object, reason: string | null = null) => ({
    id: 'chatcmpl-1',
    object: 'chat.completion.chunk',
    created: 1_795_000_000,
    model: 'a-model',
    choices: [{ index: 0, delta, finish_reason: reason }],
  });
  const usage = { prompt_tokens: 7, completion_tokens: 2, total_tokens: 9 };
  if (behaviour === 'wrong json') {
    response.end('data: {"choices":[{\n\n');
    return;
  }
  if (behaviour === 'refusal')
    send(choice({ role: 'assistant', refusal: 'I cannot help with that' }, 'stop'));
  else send(choice({ role: 'assistant', content: text.slice(0, middle) }));
  if (behaviour === 'silent') return;
  if (behaviour === 'cut') {
    response.destroy();
    return;
  }
  if (behaviour === 'gemini') send({ ...choice({ content: text.slice(middle) }, 'stop'), usage });
  else if (behaviour !== 'refusal') {
    send(choice({ content: text.slice(middle) }));
    send(choice({}, 'stop'));
    // Ollama and vLLM send the figures in a chunk without choices, as OpenAI does.
    send({ ...choice({}), choices: [], usage });
  }
  response.end('data: [DONE]\n\n');
}

function answerEmbeddings(response: ServerResponse, body: string): void {
  const { input } = JSON.parse(body) as { input: string[] };
  const data = input.map((text, index) => ({ object: 'embedding', index, embedding: [text.length, index] }));
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(
    JSON.stringify({
      object: 'list',
      model: 'a-model',
      data: data.toReversed(),
      usage: { prompt_tokens: 1 },
    }),
  );
}
