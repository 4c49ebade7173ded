import { testLabels } from '../testing/line-cases.ts';

testLabels('pattern captures what stands between its literals', [
  [
    'an access log',
    '10.0.0.1 - bob "GET /x HTTP/1.1" 200',
    '| pattern `<ip> - <user> "<method> <path> <_>" <status>`',
    { ip: '10.0.0.1', user: 'bob', method: 'GET', path: '/x', status: '200' },
  ],
  ['text before', 'id=7 rest', '| pattern `id=<id> <_>`', { id: '7' }],
  ['text before that is not there', 'no 7 rest', '| pattern `id=<id> <_>`', {}],
  ['a missing literal gives the rest', 'a b', '| pattern `<x> <y>|<z>`', { x: 'a', y: 'b' }],
  ['the last capture takes the rest', 'a b c', '| pattern `<x> <y>`', { x: 'a', y: 'b c' }],
  ['a label of the stream is kept', 'a b', '| pattern `<level> <_>`', { level_extracted: 'a' }],
  ['an empty line passes', '', '| pattern `<x> <y>`', {}],
]);

testLabels('regexp captures its named groups', [
  [
    'named groups',
    'job 12 done',
    '| regexp `job (?P<job>\\d+) (?P<state>\\w+)`',
    { job: '12', state: 'done' },
  ],
  ['the short form', 'job 12', '| regexp `(?<job>\\d+)`', { job: '12' }],
  ['no match gives nothing', 'none', '| regexp `(?P<job>\\d+)`', {}],
  ['a group that took no part is empty', 'b', '| regexp `(?P<a>a)?(?P<b>b)`', { a: '', b: 'b' }],
  ['a label of the stream is kept', 'x', '| regexp `(?P<level>.)`', { level_extracted: 'x' }],
]);
