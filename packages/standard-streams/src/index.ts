export { wasClosed } from './closed-stream.ts';
export { createDescriptorWriter, type WriteSome } from './descriptor-writer.ts';
export { createLogOutput, type LogOutput } from './log-output.ts';
export { logNodeErrors } from './node-errors.ts';
export { standardError } from './standard-error.ts';
