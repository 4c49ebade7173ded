import { INFRASTRUCTURE_CLUSTER } from './infrastructure-cluster.ts';
import { testPatterns } from './testing/pattern-cases.ts';

testPatterns(INFRASTRUCTURE_CLUSTER, {
  'crash-loop': {
    explains: [
      'Back-off restarting failed container api in pod api-7c6b5d4f89-4hmtv_shop',
      'pod payments-1 status CrashLoopBackOff',
      'systemd[1]: api.service: Start request repeated too quickly.',
    ],
    passes: ['container restarted', 'restarts=0 crashloopbackoff=0', 'back-off 200 ms before retry'],
  },
  'image-pull-failed': {
    explains: [
      'Failed to pull image "registry.example.com/api:2.8.0": rpc error: code = NotFound',
      'Error: ImagePullBackOff',
      'manifest unknown: manifest unknown',
    ],
    passes: ['Successfully pulled image "registry.example.com/api:2.8.0" in 2.1 s', 'pulling image'],
  },
  'pod-evicted': {
    explains: [
      'The node was low on resource: memory. Threshold quantity: 100Mi, available: 42Mi.',
      'pod "search-0" was evicted due to memory pressure',
      'Reason: Evicted',
    ],
    passes: ['cache: evicted 120 keys', 'evicted entries: 5', 'LRU evicted=12'],
  },
  'node-not-ready': {
    explains: [
      'Node node-3 status is now: NodeNotReady',
      'Kubelet stopped posting node status.',
      'PLEG is not healthy: pleg was last seen active 3m0s ago',
    ],
    passes: ['node-3 status is now: NodeReady', 'node is ready', 'NodeNotReady: 0'],
  },
  'health-check-failed': {
    explains: [
      'Liveness probe failed: HTTP probe failed with statuscode: 500',
      'Readiness probe failed: Get "http://10.0.3.11:8080/ready": context deadline exceeded',
      'backend search-1 is unhealthy',
    ],
    passes: ['health check passed', 'health check failed=0', '{"health check failed": false}'],
  },
  'port-in-use': {
    explains: [
      'Error: listen EADDRINUSE: address already in use :::3000',
      'listen tcp :8080: bind: address already in use',
    ],
    passes: ['listening on port 3000', 'e-mail address in use since 2019'],
  },
  'configuration-invalid': {
    explains: [
      'missing required environment variable DATABASE_URL',
      'environment variable LOKI_URL is not set',
      'org.springframework.beans.factory.BeanCreationException: Error creating bean',
      'Error: CreateContainerConfigError',
    ],
    passes: [
      'environment variable DEBUG=1 used',
      'configuration reloaded',
      'configuration changed by mira',
      'configuration error: none',
    ],
  },
  'leader-lost': {
    explains: [
      'raft.node: 8211f1d0f64f3269 lost leader 91bc3c398fb3c146 at term 12',
      'leaderelection lost',
      'failed to renew lease kube-system/controller: timed out waiting for the condition',
      'etcdserver: no leader',
    ],
    passes: [
      'elected leader node-2 at term 13',
      'leader changed=false',
      'is leader: true',
      'Failed to renew lease for [DFSClient_NONMAPREDUCE_1537864556_1] for 30 seconds.  Will retry shortly ...',
    ],
  },
});
