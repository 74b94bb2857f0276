import { setTimeout as delay } from 'node:timers/promises';
import type { Attributes, Span } from '@opentelemetry/api';
import Type, { type Static } from 'typebox';
import type { Logger } from './logger.ts';
import type { TraceContext } from './trace-context.ts';

export const tracingVariables = {
  OTEL_EXPORTER_OTLP_ENDPOINT: Type.Optional(
    Type.String({
      pattern: '^https?://[^/]+',
      description:
        'OTLP/HTTP endpoint that traces go to, `/v1/traces` is added; absent: no tracing',
    }),
  ),
  OTEL_TRACES_SAMPLER_ARG: Type.Number({
    minimum: 0,
    maximum: 1,
    default: 1,
    description:
      'Share of the traces that begin here which are recorded; those that began elsewhere keep their decision',
  }),
};

const tracingSchema = Type.Object(tracingVariables);

export interface TracedWork {
  /** For whoever goes on with the work: their span becomes a child of this one. */
  readonly context: TraceContext;
  /** @param errorType a code of a fixed set; marks the work as failed */
  end(attributes?: Attributes, errorType?: string): void;
}

export interface Tracing {
  begin(
    name: string,
    work: {
      kind: 'server' | 'producer' | 'consumer';
      parent?: TraceContext | undefined;
      attributes?: Attributes;
      /** Epoch ms. Default now. */
      startedAtMs?: number;
    },
  ): TracedWork;
  /** Sends what has ended and is not sent yet. */
  close(): Promise<void>;
}

const exportEveryMs = 1_000;
const exportWithinMs = 3_000;
/** A consumer's run is a thousand records at once. About a kilobyte each. */
const maxQueueSize = 16_384;
/** The end of the process waits no longer for a receiver: its time is the orders'. */
const closeWithinMs = 1_000;
const tellOfLossEveryMs = 60_000;

/**
 * Spans by OpenTelemetry, sent in batches by OTLP/HTTP. Nothing waits for the receiver: while it is away spans are dropped, which the
 * log says once a minute. Undefined without an endpoint, and then nothing of OpenTelemetry is loaded.
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
  let toldAt = Number.NEGATIVE_INFINITY;
  const tell = (reason: string) => {
    if (performance.now() - toldAt < tellOfLossEveryMs) return;
    toldAt = performance.now();
    logger.warn({ reason }, 'traces lost');
  };
  core.setGlobalErrorHandler((error) =>
    tell(error instanceof Error ? error.message : String(error)),
  );
  // A full queue is no error to OpenTelemetry: it says so here, and only here.
  const quiet = () => undefined;
  const diagnosis = { error: tell, warn: tell, info: quiet, debug: quiet, verbose: quiet };
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
    begin(name, { kind, parent, attributes = {}, startedAtMs = Date.now() }) {
      const context =
        parent === undefined
          ? api.ROOT_CONTEXT
          : propagator.extract(api.ROOT_CONTEXT, parent, api.defaultTextMapGetter);
      const options = { kind: kinds[kind], attributes, startTime: startedAtMs };
      const span = tracer.startSpan(name, options, context);
      return {
        context: contextOf(span),
        end(more = {}, errorType) {
          span.setAttributes(more);
          if (errorType !== undefined) {
            span.setAttribute('error.type', errorType);
            span.setStatus({ code: api.SpanStatusCode.ERROR });
          }
          span.end(Date.now());
        },
      };
    },
    // What cannot be sent is lost: that is no failure of the process.
    async close() {
      const sent = provider.shutdown().catch(() => undefined);
      await Promise.race([sent, delay(closeWithinMs, undefined, { ref: false })]);
    },
  };
}
