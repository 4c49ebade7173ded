import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { recordedCases, sampleCases } from './summaries/cases.ts';
import { evaluate } from './summaries/evaluate.ts';
import { fileModels } from './summaries/file-models.ts';
import { table } from './summaries/judge.ts';
import { openAiModel } from './summaries/openai-model.ts';

// Does a summary name the service that is to blame and the cause, and is every citation valid? Over the sample's faults
// and the recorded ones of DATA/rca, without a model, with each of models.json and with each that is given:
//   npm run eval:summaries -- --models models.json --model qwen3@http://localhost:11434/v1 --out results.json
// Without --models the file of MODELS_CONFIG is read, where that is set.
// A key is read from EVAL_API_KEY. Faults of a model, of what carries its answers, and of the findings are told apart.

const { values } = parseArgs({
  options: {
    models: { type: 'string', default: process.env['MODELS_CONFIG'] ?? '' },
    model: { type: 'string', multiple: true, default: [] },
    data: { type: 'string', default: fileURLToPath(new URL('../../../shared/data', import.meta.url)) },
    cases: { type: 'string', default: '' },
    timeout: { type: 'string', default: '60000' },
    tokens: { type: 'string', default: '3000' },
    out: { type: 'string' },
  },
});

const given = Object.fromEntries(
  values.model.map((text) => {
    const at = text.lastIndexOf('@');
    const [name, url] = [text.slice(0, at), text.slice(at + 1)];
    if (at < 1 || !URL.canParse(url)) throw new Error(`--model takes NAME@URL, not "${text}"`);
    return [name, openAiModel({ name, url, key: process.env['EVAL_API_KEY'] })];
  }),
);
const configured = values.models ? await fileModels(values.models, process.env) : null;
const models = { ...configured?.models, ...given };
const recorded = existsSync(`${values.data}/rca/cases.jsonl`) ? await recordedCases(values.data) : [];
if (recorded.length === 0) console.error(`no recorded cases: ${values.data}/rca does not exist`);
const wanted = values.cases.split(',').filter(Boolean);
const cases = [...sampleCases(), ...recorded].filter(({ id }) => wanted.length === 0 || wanted.includes(id));
const limits = {
  timeoutMs: Number(values.timeout),
  promptTokensMax: Number(values.tokens),
  answerTokensMax: 1_000,
};
const verdicts = await evaluate(cases, models, limits, ({ case: id, model, fault, tookMs }) =>
  console.error(`${id} ${model}: ${fault === 'none' ? 'right' : `fault of the ${fault}`}, ${tookMs} ms`),
);
await configured?.close();
const samples = new Set(sampleCases().map(({ id }) => id));
const report = {
  at: new Date().toISOString(),
  sample: table(verdicts.filter((verdict) => samples.has(verdict.case))),
  recorded: table(verdicts.filter((verdict) => !samples.has(verdict.case))),
  verdicts,
};
console.table(report.sample);
console.table(report.recorded);
if (values.out) await writeFile(values.out, `${JSON.stringify(report, null, 2)}\n`);
