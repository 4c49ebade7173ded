import type { Kysely } from 'kysely';
import type { Config } from '../config.ts';
import type { Database } from '../database.ts';
import { ChatStore } from '../features/chat/chat-store.ts';
import type { ChatOptions } from '../features/chat/chat.ts';
import { keepChats } from '../features/chat/keep-chats.ts';
import type { CountedModels } from '../features/model-use/counted-models.ts';
import type { ModelUseOptions } from '../features/model-use/model-use.ts';
import { removeOldUsage } from '../features/model-use/remove-old-usage.ts';
import type { Summaries } from '../features/summaries/summaries.ts';
import type { JobKind } from '../ports.ts';

export interface ConnectedChat {
  readonly options: ChatOptions;
  readonly modelUse: ModelUseOptions;
  readonly kinds: readonly JobKind<never>[];
}

export function connectChat(
  config: Config,
  db: Kysely<Database>,
  models: CountedModels,
  summaries: Pick<Summaries, 'settings'>,
): ConnectedChat {
  const { usage, clock } = models;
  const keys = config.ANALYSIS_KEYS;
  const store = new ChatStore(db, keys);
  const options: ChatOptions = {
    store,
    models,
    clock,
    limits: {
      messageCharsMax: config.CHAT_MESSAGE_CHARS_MAX,
      turnsMax: config.CHAT_TURNS_MAX,
      sessionsMax: config.CHAT_SESSIONS_MAX,
      promptTokensMax: config.CHAT_PROMPT_TOKENS_MAX,
      answerTokensMax: config.MODEL_TOKENS_MAX,
      timeoutMs: config.MODEL_TIMEOUT_MS,
    },
    redactLocal: config.REDACT_LOCAL_MODELS,
    redactRemote: config.REDACT_REMOTE_MODELS,
    redactedNames: async () => [
      ...config.REDACTED_NAMES,
      ...(await summaries.settings.current()).redacted_names,
    ],
  };
  const kinds = [
    keepChats({ db, store, clock, daysMax: config.CHAT_DAYS_MAX, keys }),
    removeOldUsage(usage, clock, config.USAGE_DAYS_MAX),
  ];
  return { options, modelUse: { models, usage, clock }, kinds };
}
