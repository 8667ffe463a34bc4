import { Counter, Histogram, type Registry } from 'prom-client';
import { codeOf, PROBLEMS, type ProblemSlug } from '../../core/problem.ts';
import type { Observe } from '../../http/access-log.ts';

/** From 5 ms, a read of the database, to 10 s, longer than any deadline. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Requests to Gatehouse, and what was refused before it was served. */
export function requestMetrics(registry: Registry) {
  const registers = [registry];
  const requests = new Counter({
    name: 'gatehouse_requests_total',
    help: 'Requests by operation ((none): no operation matched), status (499: the caller left) and problem.',
    labelNames: ['operation', 'status', 'problem'],
    registers,
  });
  const duration = new Histogram({
    name: 'gatehouse_request_duration_seconds',
    help: 'Duration of requests by operation and outcome (ok, refused: 4xx, failed: 5xx, cancelled: the caller left).',
    labelNames: ['operation', 'outcome'],
    buckets: BUCKETS,
    registers,
  });
  const problems = new Counter({
    name: 'gatehouse_problems_total',
    help: 'Requests that ended in a problem, by the class of its cause (caller, capacity, dependency: mostly Postgres, workos, gatehouse: a bug) and the problem.',
    labelNames: ['class', 'problem'],
    registers,
  });
  for (const slug of Object.keys(PROBLEMS) as ProblemSlug[]) problems.inc(problemLabels(slug), 0);
  const ignored = new Counter({
    name: 'gatehouse_requests_with_ignored_fields_total',
    help: 'Requests with fields that their operation does not have, by operation: the log names the fields.',
    labelNames: ['operation'],
    registers,
  });
  const observe: Observe = (context, status, seconds) => {
    const operation = context.operationId ?? '(none)';
    const problem = context.problem && codeOf(context.problem);
    requests.inc({ operation, status, problem: problem ?? '' });
    duration.observe({ operation, outcome: outcomeOf(status) }, seconds);
    if (context.problem) problems.inc(problemLabels(context.problem));
    if (context.ignored.length > 0) ignored.inc({ operation });
  };
  return {
    observe,
    limited: new Counter({
      name: 'gatehouse_requests_limited_total',
      help: 'Requests refused by a rate limit, by what was limited: a client, a tenant, or an address with too many refused things (credential, ticket, code).',
      labelNames: ['by'],
      registers,
    }),
    bodiesDropped: new Counter({
      name: 'gatehouse_request_bodies_dropped_total',
      help: 'Request bodies that were given up because too many were arriving too slowly.',
      registers,
    }),
  };
}

/** The slug, because a problem's code may be WorkOS's, of which there is no list. */
const problemLabels = (slug: ProblemSlug) => ({ class: classOf(slug), problem: codeOf(slug) });

const CAPACITY: readonly ProblemSlug[] = ['overloaded', 'too-many-requests', 'workos-share-used'];

/** Names the side on which the cause of a problem is looked for. */
function classOf(slug: ProblemSlug): string {
  if (CAPACITY.includes(slug)) return 'capacity';
  if (slug === 'internal') return 'gatehouse';
  if (slug.startsWith('dependency-')) return 'dependency';
  return slug.startsWith('upstream-') || slug === 'provisioning-incomplete' ? 'workos' : 'caller';
}

function outcomeOf(status: number): string {
  if (status === 499) return 'cancelled';
  if (status >= 500) return 'failed';
  return status >= 400 ? 'refused' : 'ok';
}
