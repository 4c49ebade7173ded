import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'react-router-dom';

/**
 * The state of a page that lives in its URL: `read` and `write` are pure. A change is a step in the browser's history,
 * so that Back undoes it; parameters that `write` does not name stay.
 */
export function useLocationState<State>(
  read: (search: URLSearchParams) => State,
  write: (state: State) => Readonly<Record<string, string | undefined>>,
): readonly [State, (change: Partial<State>) => void] {
  const [search, setSearch] = useSearchParams();
  const state = useMemo(() => read(search), [read, search]);
  const change = useCallback(
    (part: Partial<State>) =>
      setSearch((last) => {
        const next = new URLSearchParams(last);
        for (const [name, value] of Object.entries(write({ ...read(last), ...part }))) {
          if (value) {
            next.set(name, value);
          } else {
            next.delete(name);
          }
        }
        return next;
      }),
    [read, write, setSearch],
  );
  return [state, change];
}
