/** The typed syntax tree of a LogQL query. Durations are nanoseconds, as in Loki. */

export type MatchOperator = '=' | '!=' | '=~' | '!~';
export type CompareOperator = '==' | '!=' | '>' | '>=' | '<' | '<=';

export type Matcher = { readonly name: string; readonly operator: MatchOperator; readonly value: string };

export type LineFilterOperator = '|=' | '!=' | '|~' | '!~' | '|>' | '!>';
export type LineFilterAlternative = { readonly kind: 'text' | 'ip'; readonly value: string };

export type LabelFilter =
  | { readonly kind: 'match'; readonly matcher: Matcher }
  | {
      readonly kind: 'number' | 'duration' | 'bytes';
      readonly name: string;
      readonly operator: CompareOperator;
      readonly value: number;
      readonly text: string;
    }
  | { readonly kind: 'ip'; readonly name: string; readonly operator: '=' | '!='; readonly pattern: string }
  | { readonly kind: 'and' | 'or'; readonly left: LabelFilter; readonly right: LabelFilter };

/** `label="expression"`: a label to extract and where it is found in the line. */
export type Extraction = { readonly label: string; readonly expression: string };

/** One `a=b` (rename) or `a="{{.b}}"` (template) of label_format. */
export type LabelFormat = {
  readonly label: string;
  readonly kind: 'rename' | 'template';
  readonly value: string;
};

/** One item of keep or drop: a name, or a matcher on that name's value. */
export type LabelChoice = { readonly name: string; readonly matcher?: Matcher };

export type Stage =
  | {
      readonly kind: 'line-filter';
      readonly operator: LineFilterOperator;
      readonly alternatives: readonly LineFilterAlternative[];
    }
  | { readonly kind: 'json'; readonly extractions: readonly Extraction[] }
  | {
      readonly kind: 'logfmt';
      readonly extractions: readonly Extraction[];
      readonly strict: boolean;
      readonly keepEmpty: boolean;
    }
  | { readonly kind: 'regexp'; readonly expression: string }
  | { readonly kind: 'pattern'; readonly expression: string }
  | { readonly kind: 'unpack' }
  | { readonly kind: 'label-filter'; readonly filter: LabelFilter }
  | { readonly kind: 'line-format'; readonly template: string }
  | { readonly kind: 'label-format'; readonly formats: readonly LabelFormat[] }
  | { readonly kind: 'keep' | 'drop'; readonly choices: readonly LabelChoice[] }
  | { readonly kind: 'decolorize' };

export type LogQuery = {
  readonly kind: 'logs';
  readonly matchers: readonly Matcher[];
  readonly stages: readonly Stage[];
};

export type UnwrapConversion = 'duration' | 'duration_seconds' | 'bytes';

export type Unwrap = {
  readonly label: string;
  readonly conversion: UnwrapConversion | null;
  readonly filters: readonly LabelFilter[];
};

export type Grouping = { readonly without: boolean; readonly labels: readonly string[] };

export type RangeAggregation = {
  readonly kind: 'range-aggregation';
  readonly operator: string;
  readonly parameter: number | null;
  readonly logs: LogQuery;
  readonly unwrap: Unwrap | null;
  readonly rangeNs: number;
  readonly offsetNs: number;
  readonly grouping: Grouping | null;
};

export type VectorAggregation = {
  readonly kind: 'vector-aggregation';
  readonly operator: string;
  readonly parameter: number | null;
  readonly grouping: Grouping | null;
  readonly inner: MetricQuery;
};

export type VectorMatching = {
  readonly on: boolean;
  readonly labels: readonly string[];
  readonly card: 'one-to-one' | 'many-to-one' | 'one-to-many';
  readonly include: readonly string[];
};

export type BinaryOperation = {
  readonly kind: 'binary';
  readonly operator: string;
  readonly bool: boolean;
  readonly matching: VectorMatching | null;
  readonly left: MetricQuery;
  readonly right: MetricQuery;
};

export type LabelReplace = {
  readonly kind: 'label-replace';
  readonly inner: MetricQuery;
  readonly destination: string;
  readonly replacement: string;
  readonly source: string;
  readonly expression: string;
};

export type MetricQuery =
  | RangeAggregation
  | VectorAggregation
  | BinaryOperation
  | LabelReplace
  | { readonly kind: 'literal'; readonly value: number }
  | { readonly kind: 'vector'; readonly value: number };

export type Query = LogQuery | MetricQuery;
