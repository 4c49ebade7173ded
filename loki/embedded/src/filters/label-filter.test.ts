import { testKept, testLabels } from '../testing/line-cases.ts';

const LINES = [
  [1, 'status=200 took=250ms size=10KB ip=10.0.0.1 name=alpha'],
  [2, 'status=404 took=1.5s size=2MiB ip=10.1.0.1 name=beta'],
  [3, 'status=500 took=1m30s size=512 ip=fe80::1 name="gamma ray"'],
  [4, 'other=1'],
] as const;
const at = (...seconds: number[]): string[] =>
  LINES.filter(([second]) => seconds.includes(second)).map(([, line]) => line);

testKept('label filters compare text, numbers, durations, sizes and addresses', LINES, [
  ['| logfmt | status=404', at(2)],
  ['| logfmt | status==404', at(2)],
  ['| logfmt | status!=404', at(1, 3)],
  ['| logfmt | status>=404 | status<500', at(2)],
  ['| logfmt | status="404"', at(2)],
  ['| logfmt | status!="404"', at(1, 3, 4)],
  ['| logfmt | status=~"[45].."', at(2, 3)],
  ['| logfmt | status!~"[45].."', at(1, 4)],
  ['| logfmt | name=~"gam"', []],
  ['| logfmt | name=~"gam.*"', at(3)],
  ['| logfmt | took>1s', at(2, 3)],
  ['| logfmt | took<=250ms', at(1)],
  ['| logfmt | took=1.5s', at(2)],
  ['| logfmt | size>1MB', at(2)],
  ['| logfmt | size<=10KB', at(1, 3)],
  ['| logfmt | size=512B', at(3)],
  ['| logfmt | ip=ip("10.0.0.0/8")', at(1, 2)],
  ['| logfmt | ip!=ip("10.0.0.0/16")', at(2, 3)],
  ['| logfmt | ip=ip("fe80::/10")', at(3)],
  ['| logfmt | status=200 or status=500', at(1, 3)],
  ['| logfmt | status>100 and took>1s', at(2, 3)],
  ['| logfmt | status>100, took>1s', at(2, 3)],
  ['| logfmt | status>100 took>1s', at(2, 3)],
  ['| logfmt | (status=200 or status=404) and size>100KB', at(2)],
  ['| logfmt | status=200 or status=404 and size>100KB', at(1, 2)],
  ['| logfmt | other=""', at(1, 2, 3)],
  ['| logfmt | other!=""', at(4)],
  ['| app="case" | nope=""', at(1, 2, 3, 4)],
  ['| nope="x"', []],
]);

const ERROR = { __error__: 'LabelFilterErr' };

testLabels('a value that cannot be compared keeps the line and marks it', [
  ['no number', 'a=x', '| logfmt | a > 1', { a: 'x', ...ERROR }],
  ['no duration', 'a=5', '| logfmt | a > 1s', { a: '5', ...ERROR }],
  ['no size', 'a=x', '| logfmt | a > 1KB', { a: 'x', ...ERROR }],
  ['an earlier error stays', 'a', '| json | level > 1', { __error__: 'JSONParserErr' }],
  ['the mark can be filtered', 'a=x', '| logfmt | a > 1 | __error__=""', null],
  ['a missing label drops the line', 'a=x', '| logfmt | b > 1', null],
  ['metadata can be compared', 'x', '| took > 1s', { took: '2s' }, { took: '2s' }],
  ['so can the level', 'x', '| detected_level = "stream"', {}],
]);
