import { testKept } from '../testing/line-cases.ts';

const LINES = [
  [1, 'request done in 5ms'],
  [2, 'Request FAILED: timeout'],
  [3, 'connection from 10.2.3.4:5000 refused'],
  [4, 'connection from 192.168.1.20 accepted'],
  [5, ''],
  [6, 'two\nlines'],
  [7, 'a.b*c'],
  [8, 'from [2001:db8::1]:443'],
] as const;
const at = (...seconds: number[]): string[] =>
  LINES.filter(([second]) => seconds.includes(second)).map(([, line]) => line);

testKept('line filters keep lines by text, expression, pattern and address', LINES, [
  ['|= "connection"', at(3, 4)],
  ['|= "Connection"', []],
  ['!= "o"', at(5, 7)],
  ['|= ""', at(1, 2, 3, 4, 5, 6, 7, 8)],
  ['!= ""', []],
  ['|= "done" or "refused"', at(1, 3)],
  ['|= "done" or "refused" or "a.b*c"', at(1, 3, 7)],
  ['!= "connection" or "equest"', at(5, 6, 7, 8)],
  ['|= "connection" != "refused"', at(4)],
  ['|~ "(?i)request"', at(1, 2)],
  ['|~ "^$"', at(5)],
  ['|~ "two.lines"', []],
  ['|~ "(?s)two.lines"', at(6)],
  ['|~ "done|refused"', at(1, 3)],
  ['|~ "\\\\d+ms" or "FAILED"', at(1, 2)],
  ['!~ "connection|equest"', at(5, 6, 7, 8)],
  ['|= `a.b*c`', at(7)],
  ['|> "request <_> in <_>"', at(1)],
  ['|> "<_>connection<_>"', at(3, 4)],
  ['|> "connection from <_> refused"', at(3)],
  ['!> "connection <_>"', at(1, 2, 5, 6, 7, 8)],
  ['|> "<_> done <_>" or "<_>FAILED<_>"', at(1, 2)],
  ['|= ip("10.0.0.0/8")', at(3)],
  ['|= ip("192.168.1.1-192.168.1.30")', at(4)],
  ['|= ip("192.168.1.20")', at(4)],
  ['!= ip("10.2.3.4")', at(1, 2, 4, 5, 6, 7, 8)],
  ['|= ip("2001:db8::/32")', at(8)],
  ['|= ip("10.0.0.0/8") or "accepted"', at(3, 4)],
  ['| json |= "done" | __error__=""', []],
  ['| line_format "x{{__line__}}" |= "xtwo"', ['xtwo\nlines']],
]);
