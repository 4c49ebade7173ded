/** How well predicted templates agree with the true ones of the same lines. All three from 0 to 1. */
export interface TemplateAccuracy {
  /** Grouping accuracy: lines whose predicted group is exactly their true group (Zhu et al., ICSE-SEIP 2019). */
  readonly ga: number;
  /** F1 over groups: the same, but each group counts once (Jiang et al., ISSTA 2024). */
  readonly fga: number;
  /** Parsing accuracy: lines whose template is spelled as the true one, with any values next to each other joined. */
  readonly pa: number;
}

export function templateAccuracy(
  ids: readonly string[],
  texts: readonly string[],
  truth: readonly string[],
): TemplateAccuracy {
  const predicted = groups(ids);
  const real = groups(truth);
  const realSets = new Set(real.map((group) => group.join()));
  const exact = predicted.filter((group) => realSets.has(group.join()));
  const lines = exact.reduce((sum, group) => sum + group.length, 0);
  const spelled = texts.filter((text, i) => normalize(text) === normalize(truth[i]!)).length;
  return {
    ga: lines / truth.length,
    fga: (2 * exact.length) / (predicted.length + real.length),
    pa: spelled / truth.length,
  };
}

function groups(labels: readonly string[]): number[][] {
  const byLabel = new Map<string, number[]>();
  labels.forEach((label, line) => {
    const group = byLabel.get(label);
    if (group) group.push(line);
    else byLabel.set(label, [line]);
  });
  return [...byLabel.values()];
}

function normalize(template: string): string {
  const words = template
    .trim()
    .split(/\s+/)
    .map((word) => (word.includes('<*>') ? '<*>' : word));
  return words.filter((word, i) => word !== '<*>' || words[i - 1] !== '<*>').join(' ');
}
