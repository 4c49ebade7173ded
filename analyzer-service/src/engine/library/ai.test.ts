import { AI } from './ai.ts';
import { testPatterns } from './testing/pattern-cases.ts';

testPatterns(AI, {
  'model-rate-limited': {
    explains: [
      '{"level":"warn","message":"model call refused: 429 rate limit reached, trying again","model":"llama-3.3-70b-instruct"}',
      "openai.RateLimitError: Error code: 429 - {'error': {'message': 'Rate limit reached for gpt-4o in organization org-1 on tokens per min (TPM): Limit 30000'}}",
      '{"message":"model call failed: 429 Too Many Requests","error":"rate_limit_exceeded"}',
      '{"type":"error","error":{"type":"rate_limit_error"}}',
    ],
    passes: [
      'HTTP 429 Too Many Requests from 10.0.0.7',
      'rate_limit_exceeded=0',
      '{"model":"m","message":"model call finished","limit":"none"}',
    ],
  },
  'model-timeout': {
    explains: [
      '{"level":"error","message":"model call timed out","model":"llama-3.1-8b-instruct","deadline_ms":20000}',
      'openai.APITimeoutError: Request timed out.',
      'ollama request to /api/generate failed: timeout awaiting response headers',
    ],
    passes: [
      'java.net.SocketTimeoutException: Read timed out',
      'model timeout=0',
      '{"message":"model call finished","timeouts":0}',
      'data model timeouts_total 0',
    ],
  },
  'context-length-exceeded': {
    explains: [
      "This model's maximum context length is 8192 tokens. However, your messages resulted in 9120 tokens.",
      'code=context_length_exceeded',
      'prompt is too long: 210000 tokens > 200000 maximum',
      'the request exceeds the available context size, try increasing it',
    ],
    passes: ['loaded model with context size 8192', 'context window 128k', 'prompt length 512'],
  },
  'model-not-found': {
    explains: [
      'The model `gpt-9` does not exist or you do not have access to it. code: model_not_found',
      'model "llama9:70b" not found, try pulling it first',
      '{"error":"model \'mistral-x\' not found"}',
    ],
    passes: [
      'GET /models/12 404 not found',
      'relation "model" does not exist',
      'data model for orders: file not found',
    ],
  },
  'model-overloaded': {
    explains: [
      '{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}',
      'The engine is currently overloaded, please try again later',
    ],
    passes: ['model loaded in 3 s', 'overloaded_error=0', 'overloaded method call resolved'],
  },
  'model-quota-used-up': {
    explains: [
      'You exceeded your current quota, please check your plan and billing details.',
      '{"error":{"code":"insufficient_quota"}}',
      'Your credit balance is too low to access the API.',
    ],
    passes: ['quota remaining: 91 %', 'disk quota exceeded', 'insufficient_quota: false'],
  },
  'model-key-refused': {
    explains: [
      'Error code: 401 - Incorrect API key provided: sk-ab***',
      '{"error":{"code":"invalid_api_key"}}',
      'API key not valid. Please pass a valid API key.',
    ],
    passes: ['api key rotated by mira', 'API key valid until 2027', 'invalid_api_key=0'],
  },
  'model-answer-unusable': {
    explains: [
      'langchain_core.exceptions.OutputParserException: Could not parse LLM output: `I think`',
      'finish reason MALFORMED_FUNCTION_CALL',
      'LengthFinishReasonError: Could not parse response content as the length limit was reached',
    ],
    passes: ['tool call search_orders finished', '0 malformed function call', 'parsed LLM output in 2 ms'],
  },
  'gpu-out-of-memory': {
    explains: [
      'torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB. GPU 0 has a total capacity of 23.69 GiB',
      'ggml_backend_cuda_buffer_type_alloc_buffer: allocating 9216.00 MiB on device 0: cudaMalloc failed: out of memory',
      'ValueError: No available memory for the cache blocks.',
    ],
    passes: [
      'CUDA memory: 12 GiB of 24 GiB used',
      'java.lang.OutOfMemoryError: Java heap space',
      'cuda out of memory retries: 0',
    ],
  },
  'content-filtered': {
    explains: [
      '{"error":{"code":"content_filter","status":400}}',
      'finish_reason=content_filter',
      "The response was filtered due to the prompt triggering Azure OpenAI's content management policy.",
    ],
    passes: [
      'content_filter enabled',
      '"content_filter_results":{"hate":{"filtered":false}}',
      'loaded content_filter plugin',
    ],
  },
  'embedding-dimensions-differ': {
    explains: [
      'ERROR:  different vector dimensions 1536 and 768',
      'ERROR:  expected 1536 dimensions, not 768',
      'InvalidDimensionException: Embedding dimension 384 does not match collection dimensionality 1536',
    ],
    passes: [
      'embedding dimension 768',
      'image dimensions 1536 x 768',
      'created index with vector dimension = 1024',
    ],
  },
});
