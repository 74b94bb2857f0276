/**
 * The context of a trace in the headers of HTTP and Kafka (W3C Trace Context). A service that does not trace passes it
 * on unchanged, so that it does not interrupt the traces of others.
 */
export interface TraceContext {
  readonly traceparent: string;
  readonly tracestate?: string;
}

/** All of version 00; of a later version, the part that is passed on as version 00 (§3.2.4). */
const knownPart = /^(?!ff)[\da-f]{2}-(?!0{32})[\da-f]{32}-(?!0{16})[\da-f]{16}-[\da-f]{2}(?=-|$)/;
/** Vendors' lists must be kept up to this length (W3C Trace Context §3.3.1.5). Longer ones are left out. */
const maxTracestateLength = 512;

/** Reads the context from headers; undefined if it is missing or malformed. */
export function traceContextOf(
  headers: Readonly<Record<string, unknown>> | undefined,
): TraceContext | undefined {
  if (headers?.traceparent === undefined) return undefined;
  const text = String(headers.traceparent);
  const [known] = knownPart.exec(text) ?? [];
  if (known === undefined) return undefined;
  const ofVersion00 = known.startsWith('00');
  if (ofVersion00 && text !== known) return undefined;
  const traceparent = ofVersion00 ? known : `00${known.slice(2)}`;
  const tracestate = headers.tracestate === undefined ? '' : String(headers.tracestate);
  return tracestate === '' || tracestate.length > maxTracestateLength
    ? { traceparent }
    : { traceparent, tracestate };
}
