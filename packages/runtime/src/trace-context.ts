/**
 * A trace's context as headers carry it, those of HTTP and of Kafka alike (W3C Trace Context). Passed on untouched where nothing
 * is traced, so that a gap here does not cut other people's traces in two.
 */
export interface TraceContext {
  readonly traceparent: string;
  readonly tracestate?: string;
}

interface Carrier {
  readonly [name: string]: unknown;
}

/** All of version 00; of a later one what is handed on as 00, which is what this code understands (§3.2.4). */
const knownPart = /^(?!ff)[\da-f]{2}-(?!0{32})[\da-f]{32}-(?!0{16})[\da-f]{16}-[\da-f]{2}(?=-|$)/;
/** Vendors' lists are to be kept up to this length (W3C Trace Context §3.3.1.5); a longer one is left out. */
const maxTracestateLength = 512;

/** What a carrier's headers say, or nothing where it is missing or malformed. */
export function traceContextOf(headers: Carrier | undefined): TraceContext | undefined {
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
