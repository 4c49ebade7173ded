import type { Request } from '../request.ts';
import type { SampleLevel } from '../sample-line.ts';
import { isoTime } from '../time-format.ts';

/** Takes jobs from a queue, logfmt. The request that asked for the job does not wait for it. */
export function runJob(request: Request, queue: 'mail' | 'embeddings', job: string): void {
  if (request.conditions.workerHangs) {
    request.shop.jobsWaiting++;
    return;
  }
  const answeredMs = request.timeMs;
  request.pass(220, 0.6);
  const hop = request.enter('worker');
  const write = (level: SampleLevel, message: string): void =>
    request.log(
      hop,
      level,
      `ts=${isoTime(request.timeMs)} level=${level} msg=${message} queue=${queue} job=${job} correlation_id=${request.correlationId}`,
    );
  write('info', '"job started" attempt=1');
  request.pass(queue === 'mail' ? 90 : 160);
  if (queue === 'mail' && request.random.chance(0.012)) {
    write('warn', '"job failed, will be tried again" attempt=1 err="421 4.7.0 mail server busy"');
    request.pass(1500, 0.2);
    write('info', '"job started" attempt=2');
    request.pass(90);
  }
  write('info', `"job finished" duration=${(request.timeMs - hop.startMs).toFixed(1)}ms`);
  request.timeMs = answeredMs;
}
