import type { Conditions } from './conditions.ts';
import { NORMAL } from './conditions.ts';
import { Random } from './random.ts';
import type { SampleLevel, SampleLine, ServiceName } from './sample-line.ts';
import { nanoseconds, streamLabels } from './sample-line.ts';
import type { TimeOrder } from './time-order.ts';

/** What all requests of one run share: the dice, the conditions of the moment and the place where lines go. */
export class Shop {
  readonly random: Random;
  conditions: Conditions = NORMAL;
  /** Jobs that wait for the worker. */
  jobsWaiting = 0;
  readonly #order: TimeOrder;
  readonly #conversations: Conversation[];

  constructor(seed: number, order: TimeOrder) {
    this.random = new Random(seed);
    this.#order = order;
    this.#conversations = Array.from({ length: 60 }, () => newConversation(this.random));
  }

  write(
    timeMs: number,
    service: ServiceName,
    level: SampleLevel,
    text: string,
    metadata: SampleLine['metadata'],
  ): void {
    if (service === 'worker' && this.conditions.workerHangs) return;
    this.#order.add({
      timestampNs: nanoseconds(timeMs),
      timeMs,
      labels: streamLabels(service, level),
      metadata,
      text,
    });
  }

  pod(service: ServiceName): string {
    const pods =
      service === 'search' && this.conditions.searchVersion !== NORMAL.searchVersion
        ? NEW_SEARCH_PODS
        : PODS[service];
    return this.random.pick(pods);
  }

  /** People leave and others come: now and then a talk gives its place to a new one. */
  conversation(): Conversation {
    const place = this.random.integer(0, this.#conversations.length - 1);
    const current = this.#conversations[place];
    if (current !== undefined && this.random.chance(0.9)) return current;
    const started = newConversation(this.random);
    this.#conversations[place] = started;
    return started;
  }
}

export interface Conversation {
  readonly conversationId: string;
  readonly workspaceId: string;
}

function newConversation(random: Random): Conversation {
  return {
    conversationId: `conv-${random.hex(12)}`,
    workspaceId: random.pick([
      'ws-sales',
      'ws-support',
      'ws-returns',
      'ws-catalogue',
      'ws-finance',
      'ws-legal',
    ]),
  };
}

const PODS: Readonly<Record<ServiceName, readonly string[]>> = {
  gateway: ['gateway-5f7d8c9b66-k2x8p', 'gateway-5f7d8c9b66-z7lqw'],
  api: ['api-7c6b5d4f89-4hmtv', 'api-7c6b5d4f89-b9xkd', 'api-7c6b5d4f89-qw2rz'],
  anythingllm: ['anythingllm-68d9f7c5b4-m3n6t', 'anythingllm-68d9f7c5b4-x8vcp'],
  worker: ['worker-84b7c6d9f5-2jklz', 'worker-84b7c6d9f5-r5tyw'],
  payments: ['payments-6d5c4b7f98-8sdfg', 'payments-6d5c4b7f98-lp4mn'],
  search: ['search-59c8b7d6f4-hj7kq', 'search-59c8b7d6f4-vb3nx'],
  auth: ['auth-7f6d5c8b94-c9vbt', 'auth-7f6d5c8b94-wq6rz'],
  database: ['database-0'],
};
const NEW_SEARCH_PODS = ['search-6b4d9c7f85-5tzhm', 'search-6b4d9c7f85-n8xwd'];
