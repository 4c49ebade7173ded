import { unreachable } from '../errors.ts';
import { compileLabelFilter } from '../filters/label-filter.ts';
import { compileLineFilter } from '../filters/line-filter.ts';
import type { Stage } from '../logql/syntax.ts';
import { compileJsonExpressions } from '../parsers/json-expressions.ts';
import { parseJson } from '../parsers/json.ts';
import { compileLogfmt, compileLogfmtExpressions } from '../parsers/logfmt.ts';
import { compilePatternParser } from '../parsers/pattern.ts';
import { compileRegexpParser } from '../parsers/regexp.ts';
import { unpack } from '../parsers/unpack.ts';
import { decolorize } from '../stages/decolorize.ts';
import { compileDrop, compileKeep } from '../stages/label-choices.ts';
import { compileLabelFormat } from '../stages/label-format.ts';
import { compileLineFormat } from '../stages/line-format.ts';
import type { CompiledStage } from './entry.ts';

/** The stages of a query as one function; false means that the line is dropped. */
export function compilePipeline(stages: readonly Stage[]): CompiledStage {
  const compiled = stages.map(compileStage);
  return (entry) => {
    for (const stage of compiled) if (!stage(entry)) return false;
    return true;
  };
}

function compileStage(stage: Stage): CompiledStage {
  switch (stage.kind) {
    case 'line-filter':
      return compileLineFilter(stage);
    case 'label-filter':
      return compileLabelFilter(stage.filter);
    case 'json':
      return stage.extractions.length > 0 ? compileJsonExpressions(stage.extractions) : parseJson;
    case 'logfmt':
      return stage.extractions.length > 0
        ? compileLogfmtExpressions(stage.extractions, stage.strict)
        : compileLogfmt(stage);
    case 'regexp':
      return compileRegexpParser(stage.expression);
    case 'pattern':
      return compilePatternParser(stage.expression);
    case 'unpack':
      return unpack;
    case 'line-format':
      return compileLineFormat(stage.template);
    case 'label-format':
      return compileLabelFormat(stage.formats);
    case 'keep':
      return compileKeep(stage.choices);
    case 'drop':
      return compileDrop(stage.choices);
    case 'decolorize':
      return decolorize;
    default:
      return unreachable(stage);
  }
}
