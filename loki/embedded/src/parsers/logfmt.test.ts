import { testLabels } from '../testing/line-cases.ts';

const ERROR = { __error__: 'LogfmtParserErr' };

testLabels('logfmt gives a label for every pair', [
  ['bare and quoted values', 'a=1 b="x y" c=z', '| logfmt', { a: '1', b: 'x y', c: 'z' }],
  ['escapes in quotes', 'a="x \\"y\\" \\n" b=1', '| logfmt', { a: 'x "y" \n', b: '1' }],
  ['the last of equal keys counts', 'a=1 a=2', '| logfmt', { a: '2' }],
  ['keys without value are left out', 'a b= c=1', '| logfmt', { c: '1' }],
  ['and kept on request', 'a b= c=1', '| logfmt --keep-empty', { a: '', b: '', c: '1' }],
  ['names become label names', 'a.b=1 c-d=2 9=3', '| logfmt', { a_b: '1', c_d: '2', _9: '3' }],
  ['a label of the stream is kept', 'level=line', '| logfmt', { level_extracted: 'line' }],
  ['structured metadata gives way', 'id=line', '| logfmt', { id: 'line' }, { id: 'metadata' }],
  ['a mistake is skipped up to the next space', 'a==1 b=2', '| logfmt', { b: '2' }],
  ['in strict mode it ends the line', 'a=1 b==2 c=3', '| logfmt --strict', { a: '1', ...ERROR }],
  ['a quote without end', 'a=1 b="x', '| logfmt --strict', { a: '1', ...ERROR }],
  ['both flags', 'a b=1 "', '| logfmt --strict --keep-empty', { a: '', b: '1', ...ERROR }],
]);

testLabels('logfmt with expressions gives the named keys', [
  ['renamed', 'a=1 b=2', '| logfmt x="a"', { x: '1' }],
  ['several', 'a=1 b=2', '| logfmt x="a", b', { x: '1', b: '2' }],
  ['a missing key is empty', 'a=1', '| logfmt x="nope"', { x: '' }],
  ['a label of the stream is kept', 'level=line', '| logfmt level="level"', { level_extracted: 'line' }],
  ['strict', 'a=1 b==2', '| logfmt --strict x="a"', { x: '1', ...ERROR }],
]);
