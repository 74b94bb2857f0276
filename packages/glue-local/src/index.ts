export { createGlueLocal, type GlueLocalOptions } from './glue-local.ts';
