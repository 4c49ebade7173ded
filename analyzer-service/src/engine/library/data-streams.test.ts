import { DATA_STREAMS } from './data-streams.ts';
import { testPatterns } from './testing/pattern-cases.ts';

testPatterns(DATA_STREAMS, {
  'message-unreadable': {
    explains: [
      'SyntaxError: Unexpected token < in JSON at position 0',
      'json.decoder.JSONDecodeError: Expecting value: line 1 column 1 (char 0)',
      "invalid character '<' looking for beginning of value",
      'org.apache.kafka.common.errors.SerializationException: Unknown magic byte!',
      'json: cannot unmarshal string into Go struct field Order.amount of type int',
    ],
    passes: ['parsed 12 JSON documents', 'invalid json=0', 'token accepted'],
  },
  'partition-unavailable': {
    explains: [
      'org.apache.kafka.common.errors.NotLeaderOrFollowerException: For requests intended only for the leader',
      'search_phase_execution_exception: all shards failed',
      'CLUSTERDOWN The cluster is down',
    ],
    passes: ['all shards started', 'leader for partition 3 is broker 2', 'clusterdown=0'],
  },
  'consumer-offset-lost': {
    explains: [
      'Fetch position FetchPosition{offset=812} is out of range for partition orders-3, resetting offset',
      'org.apache.kafka.clients.consumer.OffsetOutOfRangeException',
      'org.apache.kafka.clients.consumer.CommitFailedException: Offset commit cannot be completed',
    ],
    passes: ['committed offset 812', 'offset commit failed=0', 'value is out of range'],
  },
  'cache-memory-full': {
    explains: [
      "OOM command not allowed when used memory > 'maxmemory'.",
      'MISCONF Redis is configured to save RDB snapshots, but it is currently unable to persist to disk.',
      'SERVER_ERROR out of memory storing object',
    ],
    passes: ['redis used_memory:1024 maxmemory:4096', 'Background saving terminated with success'],
  },
  'text-encoding-invalid': {
    explains: [
      'ERROR:  invalid byte sequence for encoding "UTF8": 0xe9 0x20',
      "UnicodeDecodeError: 'utf-8' codec can't decode byte 0xe9 in position 4",
      "Incorrect string value: '\\xF0\\x9F' for column 'name'",
    ],
    passes: ['encoding utf-8', 'invalid utf-8=0', 'client_encoding set to UTF8'],
  },
  'message-given-up': {
    explains: [
      'message 4711 moved to dead letter queue orders.dlq after 5 attempts',
      'level=error msg="job failed" err="retries exhausted"',
      'giving up after 5 attempts: upstream answers 500',
    ],
    passes: ['dead letter queue orders.dlq is empty', 'dlq=0 processed=812', 'max retries = 5'],
  },
});
