export type { Fault, FaultKind } from './faults/fault.ts';
export { createGlueLocal, type GlueLocalOptions } from './glue-local.ts';
