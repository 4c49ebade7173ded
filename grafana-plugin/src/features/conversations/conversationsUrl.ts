import { DEFAULT_WINDOW, type RawWindow, readWindow } from '../../shared/timeWindow';

/** The page's state, all of it in the URL. At most one of `conversation` and `workspace` is set. */
export interface ConversationsState {
  readonly window: RawWindow;
  readonly conversation: string;
  readonly workspace: string;
}

export function readConversations(search: URLSearchParams): ConversationsState {
  return {
    window: readWindow(search) ?? { ...DEFAULT_WINDOW, from: 'now-24h' },
    conversation: search.get('conversation') ?? '',
    workspace: search.get('workspace') ?? '',
  };
}

export function writeConversations({ window, conversation, workspace }: ConversationsState) {
  return { from: window.from, to: window.to, conversation, workspace };
}
