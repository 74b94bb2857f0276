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

export type TracedWork = {
  /** For whoever goes on with the work: their span becomes a child of this one. */
  readonly context: TraceContext;
  /** @param errorType a code of a fixed set; marks the work as failed */
  end(attributes?: Attributes, errorType?: string): void;
};

export type Tracing = {
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
};

const exportEveryMs = 1_000;
/** With its retries; short, because the end of the process waits for the last one. */
const exportWithinMs = 3_000;
const tellOfFailuresEveryMs = 60_000;

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
  core.setGlobalErrorHandler((error) => {
    if (performance.now() - toldAt < tellOfFailuresEveryMs) return;
    toldAt = performance.now();
    logger.warn({ reason: error instanceof Error ? error.message : String(error) }, 'traces lost');
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
    const carrier: Record<string, string> = {};
    const context = api.trace.setSpan(api.ROOT_CONTEXT, span);
    propagator.inject(context, carrier, api.defaultTextMapSetter);
    return carrier as TraceContext;
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
    // What cannot be sent is lost, and said: that is no failure of the process.
    close: () => provider.shutdown().catch(() => undefined),
  };
}
