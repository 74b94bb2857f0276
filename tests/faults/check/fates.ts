import type { Fate } from '../history-event.ts';

/** The fates of the records that a sink stores. */
export const storedFates: Readonly<Record<'stdout' | 'dynamodb' | 's3', readonly Fate[]>> = {
  stdout: ['delivered', 'deleted', 'rejected-by-dynamodb', 'rejected-by-s3'],
  dynamodb: ['delivered', 'rejected-by-s3'],
  s3: ['delivered', 'rejected-by-dynamodb'],
};

/** Whether a sink stores the records of a fate. Nobody knows for a record that nobody sent. */
export function isStored(sink: keyof typeof storedFates, fate: Fate | undefined): boolean {
  return fate !== undefined && storedFates[sink].includes(fate);
}

/** The reason and the sink that a dead letter has. Records of any other fate have no dead letter. */
export const letterCauses: Partial<Record<Fate, { reason: string; sink?: string }>> = {
  'dead-letter': { reason: 'undecodable' },
  'rejected-by-dynamodb': { reason: 'rejected', sink: 'dynamodb' },
  'rejected-by-s3': { reason: 'rejected', sink: 's3' },
};
