import { GONE, testKept, testLabels } from '../testing/line-cases.ts';

testLabels('label_format renames labels and writes templates', [
  ['a rename', 'a=1 b=2', '| logfmt | label_format c=a', { b: '2', c: '1' }],
  ['of a label of the stream', 'x', '| label_format severity=level', { level: GONE, severity: 'stream' }],
  ['of a missing label', 'x', '| label_format c=nope', {}],
  ['a template', 'a=1 b=2', '| logfmt | label_format c="{{.a}}-{{.b}}"', { a: '1', b: '2', c: '1-2' }],
  ['several see the labels before', 'a=1', '| logfmt | label_format a="x", b="{{.a}}"', { a: 'x', b: '1' }],
  ['over a label of the stream', 'x', '| label_format level="new"', { level: 'new' }],
  [
    'a template that fails',
    'a=x',
    '| logfmt | label_format b="{{ .a.b }}"',
    { a: 'x', __error__: 'TemplateFormatErr' },
  ],
]);

testLabels('keep and drop choose labels', [
  ['drop by name', 'a=1 b=2', '| logfmt | drop a', { b: '2' }],
  ['drop by value', 'a=1 b=2', '| logfmt | drop a="1", b="1"', { b: '2' }],
  ['drop by expression', 'a=1 b=2', '| logfmt | drop a=~"[1]", level!="x"', { b: '2', level: GONE }],
  ['drop labels of the stream', 'x', '| drop app, level', { app: GONE, level: GONE }],
  ['drop metadata', 'x', '| drop id, detected_level', { id: GONE, detected_level: GONE }, { id: '1' }],
  ['drop errors', 'x', '| json | drop __error__, __error_details__', {}],
  [
    'keep by name',
    'a=1 b=2',
    '| logfmt | keep a, case',
    { a: '1', app: GONE, level: GONE, service_name: GONE, detected_level: GONE },
  ],
  [
    'keep by value',
    'a=1 b=2',
    '| logfmt | keep a="2", b, case',
    { b: '2', app: GONE, level: GONE, service_name: GONE, detected_level: GONE },
  ],
  [
    'keep leaves errors',
    'x',
    '| json | keep case',
    { app: GONE, level: GONE, service_name: GONE, detected_level: GONE, __error__: 'JSONParserErr' },
  ],
]);

testKept(
  'decolorize and unpack change the line',
  [
    [1, '\u001b[31mred\u001b[0m plain \u001b[1;32mgreen\u001b[0m'],
    [2, '{"a":"x","_entry":"packed line"}'],
  ],
  [
    ['| decolorize |= "red plain green"', ['red plain green']],
    ['|= "_entry" | unpack', ['packed line']],
    ['|= "_entry" | unpack | line_format "{{.a}}: {{__line__}}"', ['x: packed line']],
  ],
);
