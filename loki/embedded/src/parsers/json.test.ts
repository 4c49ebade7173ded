import { GONE, testLabels } from '../testing/line-cases.ts';

const ERROR = { __error__: 'JSONParserErr' };

testLabels('json gives a label for every scalar of the line', [
  [
    'text, numbers as written, booleans',
    '{"a":"x","b":1.50,"c":1e3,"d":true,"e":-0}',
    '| json',
    { a: 'x', b: '1.50', c: '1e3', d: 'true', e: '-0' },
  ],
  ['nested objects are joined', '{"a":{"b":{"c":1}},"d":2}', '| json', { a_b_c: '1', d: '2' }],
  ['arrays and nulls are left out', '{"a":[1,2],"b":null,"c":1}', '| json', { c: '1' }],
  [
    'names become label names',
    '{"a b":1,"c.d":2,"3e":3,"é":4,"x-y":{"1":5}}',
    '| json',
    { a_b: '1', c_d: '2', _3e: '3', _: '4', x_y_1: '5' },
  ],
  ['the last of equal keys counts', '{"a":1,"a":2}', '| json', { a: '2' }],
  ['a label of the stream is kept', '{"level":"json"}', '| json', { level_extracted: 'json' }],
  ['structured metadata gives way', '{"id":"json"}', '| json', { id: 'json' }, { id: 'metadata' }],
  ['escapes are undone', '{"a":"\\u0041\\n\\"\\/"}', '| json', { a: 'A\n"/' }],
  ['a value with a broken character is empty', '{"a":"\ufffd","b":"ok"}', '| json', { a: '', b: 'ok' }],
  ['what follows the object is not looked at', '{"a":1} trailing', '| json', { a: '1' }],
  ['fields before a mistake are kept', '{"a":1,"b":tru}', '| json', { a: '1', ...ERROR }],
  ['a cut-off line is marked', '{"a":1,"b":"x', '| json', { a: '1', ...ERROR }],
  ['text is marked', 'plain', '| json', ERROR],
  ['an empty object gives nothing', '{}', '| json', {}],
  ['spaces around are fine', '  { "a" : 1 }  ', '| json', { a: '1' }],
  [
    'names of JavaScript objects are names',
    '{"__proto__":"x","constructor":"y"}',
    '| json',
    { ['__proto__']: 'x', constructor: 'y' },
  ],
]);

testLabels('json with expressions gives the named fields', [
  [
    'paths and indices',
    '{"a":{"b":[10,{"c":"x"}]}}',
    '| json first="a.b[0]", second="a.b[1].c"',
    { first: '10', second: 'x' },
  ],
  ['quoted names', '{"a b":{"c.d":1}}', '| json x="[\\"a b\\"][\\"c.d\\"]"', { x: '1' }],
  ['a name alone', '{"a":1,"b":2}', '| json a', { a: '1' }],
  ['a missing field is empty', '{"a":1}', '| json x="nope", y="a.b"', { x: '', y: '' }],
  [
    'objects and arrays as text',
    '{"a":{"b": 1},"c":[1, 2]}',
    '| json x="a", y="c"',
    { x: '{"b": 1}', y: '[1, 2]' },
  ],
  ['a null is empty', '{"a":null}', '| json x="a"', { x: '' }],
  ['a label of the stream is kept', '{"level":"json"}', '| json level="level"', { level_extracted: 'json' }],
  ['text is marked', 'plain', '| json x="a"', ERROR],
  ['an empty line passes', '', '| json x="a"', {}],
]);

testLabels('unpack undoes the pack stage of Promtail', [
  ['labels', '{"container":"web","_entry":"the line"}', '| unpack', { container: 'web' }],
  ['a line without _entry stays as it is', '{"container":"web"}', '| unpack', {}],
  ['only text becomes labels', '{"a":1,"b":"x","_entry":""}', '| unpack', { b: 'x' }],
  [
    'a label of the stream is kept',
    '{"level":"packed","_entry":"x"}',
    '| unpack',
    { level_extracted: 'packed' },
  ],
  ['text is marked', 'plain', '| unpack', ERROR],
  ['errors can be dropped', 'plain', '| unpack | drop __error__', { __error__: GONE }],
]);
