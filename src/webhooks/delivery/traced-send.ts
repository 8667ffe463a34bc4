import type { SpanStart } from '../../core/span.ts';
import { inSpan } from '../../core/tracing.ts';
import type { Attempt } from '../attempt.ts';
import type { DeliveryJob } from '../delivery-jobs.ts';
import type { Message } from '../due-message-store.ts';
import type { WebhookSender } from './sender.ts';

/** Sends in a span, which the endpoint's own trace continues. */
export const createTracedSend =
  (sender: WebhookSender) =>
  (
    message: Message,
    job: DeliveryJob,
    headers: Readonly<Record<string, string>>,
    body: string,
  ): Promise<Attempt> =>
    inSpan(
      () => spanOf(message, job),
      async (span) => {
        const trace = span && { traceparent: span.traceparent };
        const attempt = await sender.send(message.endpointUrl, { ...headers, ...trace }, body);
        const { status, outcome } = attempt;
        const error = outcome === 'delivered' ? undefined : outcome;
        span?.set({ status: status ?? undefined, outcome, error });
        return attempt;
      },
    );

const spanOf = (
  { endpointUrl, event }: Message,
  { endpointId, attempt }: DeliveryJob,
): SpanStart => ({
  name: 'POST webhook endpoint',
  kind: 'client',
  facts: {
    method: 'POST',
    // The path and query of the URL may hold a secret of the endpoint.
    host: new URL(endpointUrl).hostname,
    endpointId,
    eventId: event.id,
    eventName: event.event,
    tenantId: event.tenantId ?? undefined,
    ...(attempt > 0 && { retry: attempt }),
  },
});
