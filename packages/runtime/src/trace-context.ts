/**
 * A trace's context as headers carry it, those of HTTP and of Kafka alike (W3C Trace Context). Passed on untouched where nothing
 * is traced, so that a gap here does not cut other people's traces in two.
 */
export type TraceContext = { readonly traceparent: string; readonly tracestate?: string };

type Carrier = { readonly [name: string]: unknown };

const validTraceparent =
  /^(?!ff)[\da-f]{2}-(?!0{32})[\da-f]{32}-(?!0{16})[\da-f]{16}-[\da-f]{2}(-.*)?$/;
/** Vendors' lists are to be kept up to this length (W3C Trace Context §3.3.1.5); a longer one is left out. */
const maxTracestateLength = 512;

/** What a carrier's headers say, or nothing where it is missing or malformed. */
export function traceContextOf(headers: Carrier | undefined): TraceContext | undefined {
  if (headers?.traceparent === undefined) return undefined;
  const traceparent = String(headers.traceparent);
  if (!validTraceparent.test(traceparent)) return undefined;
  const tracestate = headers.tracestate === undefined ? '' : String(headers.tracestate);
  return tracestate === '' || tracestate.length > maxTracestateLength
    ? { traceparent }
    : { traceparent, tracestate };
}
