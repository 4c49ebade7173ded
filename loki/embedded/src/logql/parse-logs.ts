import type { SyntaxNode } from '@lezer/common';
import { badRequest } from '../errors.ts';
import { parseBytes, parseDurationNs, unquote } from './literals.ts';
import type {
  CompareOperator,
  Extraction,
  LabelChoice,
  LabelFilter,
  LineFilterAlternative,
  LineFilterOperator,
  MatchOperator,
  Matcher,
  Stage,
} from './syntax.ts';
import { childNodes, listItems, nodeText, requiredChild, type Source } from './tree.ts';

export function parseMatchers(source: Source, selector: SyntaxNode): Matcher[] {
  const list = selector.getChild('Matchers');
  return list ? listItems(list, 'Matcher').map((node) => parseMatcher(source, node)) : [];
}

export function parseStages(source: Source, pipeline: SyntaxNode | null): Stage[] {
  if (!pipeline) return [];
  return listItems(pipeline, 'PipelineStage').flatMap((stage) => parseStage(source, stage));
}

function parseStage(source: Source, stage: SyntaxNode): Stage[] {
  const node = childNodes(stage).find((child) => child.name !== 'Pipe');
  if (!node) throw badRequest('parse error : empty pipeline stage');
  switch (node.name) {
    case 'LineFilters':
      return parseLineFilters(source, node);
    case 'LabelParser':
      return [parseLabelParser(source, node)];
    case 'JsonExpressionParser':
      return [{ kind: 'json', extractions: parseExtractions(source, node) }];
    case 'LogfmtParser':
    case 'LogfmtExpressionParser':
      return [parseLogfmt(source, node)];
    case 'LabelFilter':
      return [{ kind: 'label-filter', filter: parseLabelFilter(source, node) }];
    case 'LineFormatExpr':
      return [{ kind: 'line-format', template: stringOf(source, node) }];
    case 'LabelFormatExpr':
      return [parseLabelFormat(source, node)];
    case 'DropLabelsExpr':
      return [
        { kind: 'drop', choices: parseChoices(source, requiredChild(node, 'DropLabels'), 'DropLabel') },
      ];
    case 'KeepLabelsExpr':
      return [
        { kind: 'keep', choices: parseChoices(source, requiredChild(node, 'KeepLabels'), 'KeepLabel') },
      ];
    case 'DecolorizeExpr':
      return [{ kind: 'decolorize' }];
    default:
      throw badRequest(`parse error : unknown pipeline stage ${nodeText(source, node)}`);
  }
}

function parseMatcher(source: Source, node: SyntaxNode): Matcher {
  const [name, operator] = childNodes(node);
  return {
    name: nodeText(source, name ?? node),
    operator: nodeText(source, operator ?? node) as MatchOperator,
    value: stringOf(source, node),
  };
}

function stringOf(source: Source, node: SyntaxNode): string {
  return unquote(nodeText(source, requiredChild(node, 'String')));
}

type LineFilter = {
  readonly kind: 'line-filter';
  readonly operator: LineFilterOperator;
  readonly alternatives: LineFilterAlternative[];
};

/** An `or` stands either in its filter's node or beside it. */
function parseLineFilters(source: Source, node: SyntaxNode): LineFilter[] {
  const filters: LineFilter[] = [];
  for (const child of childNodes(node)) {
    if (child.name === 'LineFilters') filters.push(...parseLineFilters(source, child));
    else if (child.name === 'OrFilter')
      filters.at(-1)?.alternatives.push(...parseAlternatives(source, child));
    else if (child.name === 'LineFilter') {
      const operator = nodeText(source, requiredChild(child, 'Filter')) as LineFilterOperator;
      filters.push({ kind: 'line-filter', operator, alternatives: parseAlternatives(source, child) });
    }
  }
  return filters;
}

function parseAlternatives(source: Source, node: SyntaxNode): LineFilterAlternative[] {
  const alternatives: LineFilterAlternative[] = [];
  let kind: LineFilterAlternative['kind'] = 'text';
  for (const child of childNodes(node)) {
    if (child.name === 'FilterOp') kind = 'ip';
    else if (child.name === 'String') alternatives.push({ kind, value: unquote(nodeText(source, child)) });
    else if (child.name === 'OrFilter') alternatives.push(...parseAlternatives(source, child));
  }
  return alternatives;
}

function parseLabelParser(source: Source, node: SyntaxNode): Stage {
  const kind = childNodes(node)[0]?.name;
  if (kind === 'Json') return { kind: 'json', extractions: [] };
  if (kind === 'Unpack') return { kind: 'unpack' };
  if (kind === 'Logfmt') return { kind: 'logfmt', extractions: [], strict: false, keepEmpty: false };
  return { kind: kind === 'Regexp' ? 'regexp' : 'pattern', expression: stringOf(source, node) };
}

function parseLogfmt(source: Source, node: SyntaxNode): Stage {
  const flagList = node.getChild('LogfmtParserFlags');
  const flags = flagList ? listItems(flagList, 'ParserFlag').map((flag) => nodeText(source, flag)) : [];
  return {
    kind: 'logfmt',
    extractions: parseExtractions(source, node),
    strict: flags.includes('--strict'),
    keepEmpty: flags.includes('--keep-empty'),
  };
}

function parseExtractions(source: Source, node: SyntaxNode): Extraction[] {
  const list = node.getChild('LabelExtractionExpressionList');
  if (!list) return [];
  return listItems(list, 'LabelExtractionExpression').map((item) => {
    const label = nodeText(source, requiredChild(item, 'Identifier'));
    return { label, expression: item.getChild('String') ? stringOf(source, item) : label };
  });
}

function parseLabelFormat(source: Source, node: SyntaxNode): Stage {
  const formats = listItems(requiredChild(node, 'LabelsFormat'), 'LabelFormatMatcher').map((item) => {
    const [label, , value] = childNodes(item);
    if (!label || !value)
      throw badRequest('parse error : label_format needs label=label or label="template"');
    const isTemplate = value.name === 'String';
    return {
      label: nodeText(source, label),
      kind: isTemplate ? ('template' as const) : ('rename' as const),
      value: isTemplate ? unquote(nodeText(source, value)) : nodeText(source, value),
    };
  });
  return { kind: 'label-format', formats };
}

function parseChoices(source: Source, list: SyntaxNode, item: string): LabelChoice[] {
  return listItems(list, item).map((node) => {
    const matcherNode = node.getChild('Matcher');
    if (!matcherNode) return { name: nodeText(source, requiredChild(node, 'Identifier')) };
    const matcher = parseMatcher(source, matcherNode);
    return { name: matcher.name, matcher };
  });
}

export function parseLabelFilter(source: Source, node: SyntaxNode): LabelFilter {
  const children = childNodes(node);
  const filters = children.filter((child) => child.name === 'LabelFilter');
  const [left, right] = filters;
  if (left && right) {
    const kind = children.some((child) => child.name === 'Or') ? 'or' : 'and';
    return { kind, left: parseLabelFilter(source, left), right: parseLabelFilter(source, right) };
  }
  if (left) return parseLabelFilter(source, left);
  const filter = children[0];
  if (!filter) throw badRequest('parse error : empty label filter');
  if (filter.name === 'Matcher') return { kind: 'match', matcher: parseMatcher(source, filter) };
  if (filter.name === 'IpLabelFilter') return parseIpFilter(source, filter);
  return parseComparison(source, filter.name === 'UnitFilter' ? requiredFirst(filter) : filter);
}

function requiredFirst(node: SyntaxNode): SyntaxNode {
  const child = node.firstChild;
  if (!child) throw new Error(`the LogQL grammar gave an empty ${node.name}`);
  return child;
}

function parseIpFilter(source: Source, node: SyntaxNode): LabelFilter {
  const [name, operator] = childNodes(node);
  const sign = operator ? nodeText(source, operator) : '=';
  return {
    kind: 'ip',
    name: name ? nodeText(source, name) : '',
    operator: sign === '!=' ? '!=' : '=',
    pattern: stringOf(source, node),
  };
}

function parseComparison(source: Source, node: SyntaxNode): LabelFilter {
  const [nameNode, operatorNode, valueNode] = childNodes(node);
  if (!nameNode || !operatorNode || !valueNode) throw badRequest('parse error : incomplete label filter');
  const text = nodeText(source, valueNode);
  const sign = nodeText(source, operatorNode);
  const operator = (sign === '=' ? '==' : sign) as CompareOperator;
  const name = nodeText(source, nameNode);
  if (node.name === 'DurationFilter') {
    const value = parseDurationNs(text);
    if (value === null) throw badRequest(`parse error : invalid duration ${text}`);
    return { kind: 'duration', name, operator, value, text };
  }
  if (node.name === 'BytesFilter') {
    const value = parseBytes(text);
    if (value === null) throw badRequest(`parse error : invalid size ${text}`);
    return { kind: 'bytes', name, operator, value, text };
  }
  return { kind: 'number', name, operator, value: Number(text.replaceAll(/\s/g, '')), text };
}
