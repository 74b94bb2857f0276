/** The modes of AWS Glue. Those that end in `_ALL` compare with every earlier version, the others with the last one. */
export const compatibilityModes = [
  'NONE',
  'DISABLED',
  'BACKWARD',
  'BACKWARD_ALL',
  'FORWARD',
  'FORWARD_ALL',
  'FULL',
  'FULL_ALL',
] as const;
/** One of the eight modes of AWS Glue. */
export type CompatibilityMode = (typeof compatibilityModes)[number];
