import { setTimeout as delay } from 'node:timers/promises';
import type { Attributes, Span } from '@opentelemetry/api';
import Type, { type Static } from 'typebox';
import type { Logger } from './logger.ts';
import type { TraceContext } from './trace-context.ts';
import { httpUrl } from './value-kinds.ts';

export const tracingVariables = {
  OTEL_EXPORTER_OTLP_ENDPOINT: Type.Optional(
    httpUrl({
      description:
        'OTLP/HTTP endpoint for traces; `/v1/traces` is appended. Tracing is off when absent',
    }),
  ),
  OTEL_TRACES_SAMPLER_ARG: Type.Number({
    minimum: 0,
    maximum: 1,
    default: 1,
    description:
      'Share of new traces that are recorded. Traces that began elsewhere keep their decision',
  }),
};

const tracingSchema = Type.Object(tracingVariables);

export interface TracedWork {
  /** Passed on to the next process, whose span becomes a child of this span. */
  readonly context: TraceContext;
  /** @param errorType an error code of a fixed set; marks the work as failed */
  end(attributes?: Attributes, errorType?: string): void;
}

export interface Tracing {
  begin(
    name: string,
    work: {
      kind: 'server' | 'producer' | 'consumer';
      parent?: TraceContext | undefined;
      attributes?: Attributes;
      /** By `performance.now()`. Default now. */
      startedAt?: number;
    },
  ): TracedWork;
  /** Sends the spans that have ended and were not sent yet. */
  close(): Promise<void>;
}

const exportEveryMs = 1_000;
const exportWithinMs = 3_000;
/** The consumer ends the spans of a run of 1000 records, or of a file, at once. A span takes about a kilobyte. */
const maxQueueSize = 16_384;
/** Stopping waits no longer than this for the receiver: the time is needed for orders. */
const closeWithinMs = 1_000;
const reportLossEveryMs = 60_000;

/**
 * Creates OpenTelemetry spans and sends them in batches by OTLP/HTTP. Nothing waits for the receiver. While it is
 * unavailable, spans are dropped and the log says so once a minute. Without an endpoint, returns undefined and loads
 * nothing of OpenTelemetry.
 */
export async function createTracing(
  config: Static<typeof tracingSchema>,
  { service, version, logger }: { service: string; version: string; logger: Logger },
): Promise<Tracing | undefined> {
  const endpoint = config.OTEL_EXPORTER_OTLP_ENDPOINT;
  if (endpoint === undefined) return undefined;
  const [api, core, sdk, { resourceFromAttributes }, { OTLPTraceExporter }] = await Promise.all([
    import('@opentelemetry/api'),
    import('@opentelemetry/core'),
    import('@opentelemetry/sdk-trace'),
    import('@opentelemetry/resources'),
    import('@opentelemetry/exporter-trace-otlp-http'),
  ]);
  let reportedAt = Number.NEGATIVE_INFINITY;
  const reportLoss = (reason: string) => {
    if (performance.now() - reportedAt < reportLossEveryMs) return;
    reportedAt = performance.now();
    logger.warn({ reason }, 'traces lost');
  };
  core.setGlobalErrorHandler((error) =>
    reportLoss(error instanceof Error ? error.message : String(error)),
  );
  // OpenTelemetry reports a full queue only through this logger, not as an error.
  const quiet = () => undefined;
  const diagnosis = {
    error: reportLoss,
    warn: reportLoss,
    info: quiet,
    debug: quiet,
    verbose: quiet,
  };
  api.diag.setLogger(diagnosis, {
    logLevel: api.DiagLogLevel.WARN,
    suppressOverrideMessage: true,
  });
  const exporter = new OTLPTraceExporter({
    url: `${endpoint.replace(/\/+$/, '')}/v1/traces`,
    timeoutMillis: exportWithinMs,
  });
  const provider = new sdk.TracerProvider({
    resource: resourceFromAttributes({ 'service.name': service, 'service.version': version }),
    sampler: new sdk.ParentBasedSampler({
      root: new sdk.TraceIdRatioBasedSampler(config.OTEL_TRACES_SAMPLER_ARG),
    }),
    spanProcessors: [
      new sdk.BatchSpanProcessor({
        exporter,
        scheduledDelayMillis: exportEveryMs,
        maxQueueSize,
        exportTimeoutMillis: exportWithinMs,
      }),
    ],
  });
  const tracer = provider.getTracer('order-stream', version);
  const propagator = new core.W3CTraceContextPropagator();
  const kinds = {
    server: api.SpanKind.SERVER,
    producer: api.SpanKind.PRODUCER,
    consumer: api.SpanKind.CONSUMER,
  };

  function contextOf(span: Span): TraceContext {
    const carrier = {} as TraceContext;
    const context = api.trace.setSpan(api.ROOT_CONTEXT, span);
    propagator.inject(context, carrier, api.defaultTextMapSetter);
    return carrier;
  }

  return {
    begin(name, { kind, parent, attributes = {}, startedAt = performance.now() }) {
      const context =
        parent === undefined
          ? api.ROOT_CONTEXT
          : propagator.extract(api.ROOT_CONTEXT, parent, api.defaultTextMapGetter);
      const elapsedMs = () => performance.now() - startedAt;
      const startTime = Date.now() - elapsedMs();
      const options = { kind: kinds[kind], attributes, startTime };
      const span = tracer.startSpan(name, options, context);
      return {
        context: contextOf(span),
        end(more = {}, errorType) {
          span.setAttributes(more);
          if (errorType !== undefined) {
            span.setAttribute('error.type', errorType);
            span.setStatus({ code: api.SpanStatusCode.ERROR });
          }
          // A wall clock that was set in between would make the span longer, or end it before its start.
          span.end(startTime + elapsedMs());
        },
      };
    },
    // Spans that cannot be sent are lost. That does not fail the process.
    async close() {
      const sent = provider.shutdown().catch(() => undefined);
      await Promise.race([sent, delay(closeWithinMs, undefined, { ref: false })]);
    },
  };
}
