import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startTestLoki } from '../testing/test-loki.ts';

/** A template and what it writes for the line below. */
const CASES: readonly (readonly [string, string])[] = [
  ['{{.word}} {{ .number }}', 'Hello World 42'],
  ['{{.missing}}|', '|'],
  ['{{ __line__ | len }}', '66'],
  ['{{ __timestamp__ }}', '2026-11-20 10:00:01 +0000 UTC'],
  ['{{ __timestamp__ | date "2006-01-02T15:04:05.000Z07:00" }}', '2026-11-20T10:00:01.000Z'],
  [
    '{{ __timestamp__ | unixEpoch }} {{ __timestamp__ | unixEpochMillis }} {{ __timestamp__ | unixEpochNanos }}',
    '1795168801 1795168801000 1795168801000000000',
  ],
  ['{{ toDate "2006-01-02" "2026-11-20" | date "Mon Jan _2 15:04 2006" }}', 'Fri Nov 20 00:00 2026'],
  ['{{ toDateInZone "2006-01-02 15:04" "Europe/Berlin" "2026-07-01 12:00" | unixEpoch }}', '1782900000'],
  ['{{ unixToTime "1795168801" | date "15:04:05" }}', '10:00:01'],
  [
    '{{ .word | ToUpper }} {{ .word | ToLower }} {{ lower .word }} {{ upper .word }}',
    'HELLO WORLD hello world hello world HELLO WORLD',
  ],
  ['{{ .word | title }}|{{ title "ab cd" }}', 'Hello World|Ab Cd'],
  [
    '{{ .word | trunc 5 }}|{{ .word | trunc -5 }}|{{ .word | substr 2 4 }}|{{ .word | substr -1 3 }}|{{ .word | substr 6 -1 }}',
    'Hello|World|ll|Hel|World',
  ],
  ['{{ Replace .word "l" "L" 2 }}|{{ .word | replace "o" "0" }}', 'HeLLo World|Hell0 W0rld'],
  [
    '{{ Trim "xxaxx" "x" }}|{{ TrimLeft "xxaxx" "x" }}|{{ TrimRight "xxaxx" "x" }}|{{ TrimPrefix "abc" "a" }}|{{ TrimSuffix "abc" "c" }}|{{ TrimSpace " a " }}',
    'a|axx|xxa|bc|ab|a',
  ],
  ['{{ trim " a " }}|{{ trimAll "$" "$5$" }}|{{ trimPrefix "-" "-h" }}|{{ trimSuffix "-" "h-" }}', 'a|5|h|h'],
  ['{{ contains "World" .word }} {{ hasPrefix "Hello" .word }} {{ hasSuffix "x" .word }}', 'true true false'],
  ['{{ indent 2 "a\\nb" }}|{{ nindent 1 "a" }}', '  a\n  b|\n a'],
  [
    '{{ repeat 3 "ab" }}|{{ alignLeft 4 "ab" }}|{{ alignRight 4 "ab" }}|{{ alignRight 2 "abcd" }}',
    'ababab|ab  |  ab|cd',
  ],
  ['{{ regexReplaceAll "(l+)" .word "<${1}>" }}', 'He<ll>o Wor<l>d'],
  ['{{ regexReplaceAllLiteral "l+" .word "$1" }}', 'He$1o Wor$1d'],
  ['{{ count "l" .word }} {{ .word | count "o" }}', '3 2'],
  ['{{ urlencode "a b/c" }} {{ urldecode "a+b%2Fc" }}', 'a+b%2Fc a b/c'],
  ['{{ b64enc "hi" }} {{ b64dec "aGk=" }}', 'aGk= hi'],
  ['{{ default "x" .missing }} {{ .number | default "x" }}', 'x 42'],
  ['{{ add 1 2 3 }} {{ sub 5 2 }} {{ mul 2 3 4 }} {{ div 7 2 }} {{ mod 7 2 }}', '6 3 24 3 1'],
  ['{{ add .number 1 }} {{ int .number }} {{ float64 "1.5" }}', '43 42 1.5'],
  ['{{ addf 1.5 2 }} {{ subf 5 2.5 }} {{ mulf 1.5 2 }} {{ divf 7 2 }}', '3.5 2.5 3 3.5'],
  ['{{ max 1 3 2 }} {{ min 3 1 2 }} {{ maxf 1.5 2.5 }} {{ minf 1.5 2.5 }}', '3 1 2.5 1.5'],
  ['{{ ceil 1.2 }} {{ floor 1.8 }} {{ round 1.2345 2 }} {{ round 1.5 0 }}', '2 1 1.23 2'],
  ['{{ mulf 1000 1000 }} {{ divf 1 100000 }} {{ mul 1000 1000 }}', '1e+06 1e-05 1000000'],
  [
    '{{ bytes "2KB" }} {{ bytes "1KiB" }} {{ duration "1m30s" }} {{ duration_seconds "250ms" }}',
    '2000 1024 90 0.25',
  ],
  [
    '{{ printf "%-8s|%5.2f|%05d|%x|%q|%v|%t|%%" .word 3.14159 42 255 "a" 1.5 true }}',
    'Hello World| 3.14|00042|ff|"a"|1.5|true|%',
  ],
  ['{{ printf "%d %s" "x" 5 }}', '%!d(string=x) %!s(int=5)'],
  ['{{ if eq .number "42" }}yes{{ else }}no{{ end }}', 'yes'],
  ['{{ if and (gt 2 1) (not (eq 1 2)) }}a{{ end }}{{ if or .missing .word }}b{{ end }}', 'ab'],
  ['{{ if .missing }}a{{ else if .word }}b{{ else }}c{{ end }}', 'b'],
  ['{{ with .word }}[{{ . }}]{{ end }}{{ with .missing }}x{{ else }}-{{ end }}', '[Hello World]-'],
  ['{{ $w := .word }}{{ $w | len }} {{ $.number }}', '11 42'],
  ['{{ range $i, $v := fromJson .list }}{{ $i }}={{ $v }};{{ end }}', '0=1;1=2.5;2=x;'],
  ['{{ range fromJson .list }}{{ . }},{{ end }}', '1,2.5,x,'],
  [
    '{{ $o := fromJson "{\\"a\\":{\\"b\\":1}}" }}{{ $o.a.b }} {{ index $o "a" "b" }} {{ $o }}',
    '1 1 map[a:map[b:1]]',
  ],
  ['a {{- " b " -}} c{{/* nothing */}}', 'a b c'],
  ['{{ print 1 2 "a" 3 }}|{{ println "x" }}', '1 2a3|x\n'],
  ['{{ len .word }} {{ index (fromJson .list) 2 }} {{ slice .word 1 3 }}', '11 x el'],
  ['{{ html "<a>" }} {{ js "a\'b" }} {{ urlquery "a b" }}', "&lt;a&gt; a\\'b a+b"],
  ['{{ "quoted" }} {{ `raw` }} {{ 1.5 }} {{ true }} {{ nil | printf "%v" }}', 'quoted raw 1.5 true <nil>'],
  ['{{ .number | printf "%s!" | ToUpper | printf "<%s>" }}', '<42!>'],
];

const LINE = 'word="Hello World" number=42 list="[1,2.5,\\"x\\"]" url=/a/b?c=d x=y';

void test('templates write what Go and Loki write', async (t) => {
  const loki = await startTestLoki(t);
  await loki.push({ app: 'case' }, [[1, LINE]]);
  for (const [template, written] of CASES) {
    const query = `{app="case"} | logfmt | line_format ${JSON.stringify(template)}`;
    assert.deepEqual(await loki.lines(query), [written], template);
  }
});

void test('a template that fails on a line leaves the line and marks it', async (t) => {
  const loki = await startTestLoki(t);
  await loki.push({ app: 'case' }, [[1, LINE]]);
  for (const template of [
    '{{ div 1 0 }}',
    '{{ duration "x" }}',
    '{{ .word.x }}',
    '{{ index (fromJson .list) 9 }}',
    '{{ eq 1 "1" }}',
    '{{ repeat 99999999 "x" }}',
    '{{ regexReplaceAll "(" .word "" }}',
  ]) {
    const query = `{app="case"} | logfmt | line_format ${JSON.stringify(template)}`;
    assert.deepEqual(await loki.lines(`${query} | __error__="TemplateFormatErr"`), [LINE], template);
  }
});
