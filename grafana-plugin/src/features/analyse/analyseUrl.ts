/** The page's state, all of it in the URL. Without an id it asks for texts and lists what was analysed before. */
export interface AnalyseState {
  readonly id: string;
  /** Id of the last analysis of the page of history before; empty for the first page. */
  readonly before: string;
}

export function readAnalyse(search: URLSearchParams): AnalyseState {
  return { id: (search.get('id') ?? '').slice(0, 64), before: (search.get('before') ?? '').slice(0, 64) };
}

export function writeAnalyse({ id, before }: AnalyseState) {
  return { id, before };
}
