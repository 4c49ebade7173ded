import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { answerChat } from './fake-openai.ts';

// A program that serves a model, for tests: model-program.ts PORT [slow|fails|deaf|mute]...
// "crash" in a prompt ends it in the middle. deaf: it heeds no SIGTERM. mute: it answers no more after one prompt.

const [port, ...traits] = process.argv.slice(2);
const has = (trait: string) => traits.includes(trait);
let isMute = false;

if (has('fails')) {
  console.error('no weights in /models/none');
  process.exit(3);
}
if (has('deaf')) process.on('SIGTERM', () => console.log('not now'));
// Something that it started, and that must go with it.
const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
console.log(`pids ${process.pid} ${child.pid}`);
console.log(`sees ${Object.keys(process.env).join(' ')}`);
if (has('slow')) await sleep(400);

createServer((request, response) => {
  if (isMute) return;
  if (request.url === '/v1/models') {
    response.end('{"object":"list","data":[]}');
    return;
  }
  let body = '';
  request.on('data', (chunk) => (body += String(chunk)));
  request.on('end', () => {
    if (body.includes('crash')) process.exit(5);
    isMute = has('mute');
    answerChat(response, 'vllm');
  });
}).listen(Number(port), '127.0.0.1');
