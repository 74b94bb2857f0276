import type { ForeignProcess } from '../conformance/foreign-process.ts';
import { startJavaProgram } from '../conformance/java-library.ts';

/** The official Java libraries in one process, which answers requests in order. Requests may be sent ahead of the answers. */
export function startJavaTwin(): Promise<ForeignProcess> {
  return startJavaProgram('FuzzTwin.java');
}
