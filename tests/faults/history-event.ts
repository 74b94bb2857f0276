/** The content of an order is its first product id, as digits; of another record, its bytes (`record-content.ts`). */
export interface RecordContent {
  /** The order id, or the text of another key. */
  key: string;
  /** The versions of a key are sent one after another, each after the one before it was acknowledged. */
  version: number;
  content: string;
}

export interface Place {
  topic: string;
  partition: number;
  offset: number;
}

export const storeNames = ['topic', 'stdout', 'dynamodb', 's3', 'dead-letters'] as const;
export type StoreName = (typeof storeNames)[number];

/**
 * - `deleted`: a tombstone, printed as null, that deletes the item
 * - `dead-letter`: cannot be decoded, so that no sink gets it
 * - `rejected-by-…`: one sink rejects it, the others store it, and it becomes a dead letter
 * - `ignored`: a tombstone that every sink passes by
 */
export type Fate =
  | 'delivered'
  | 'deleted'
  | 'dead-letter'
  | 'rejected-by-dynamodb'
  | 'rejected-by-s3'
  | 'ignored';

/** All bytes of a record that can be decoded and has a dead letter. Of a record that cannot be decoded, they are its key and content. */
export interface WithBytes {
  bytes?: Pick<RecordContent, 'key' | 'content'>;
}

/**
 * What happened in one run, in the order in which the recorder learned it. One line of a history file is one event.
 *
 * The order is certain only for events of one source: the lines of one process, the records of one partition. A process
 * has ended before another one `started` if the events say so.
 */
export type HistoryEvent =
  /** `stores`: which of them to check. `repeats`: those that may hold a record more than once, because a process was killed. */
  | { event: 'run'; drill: string; stores: StoreName[]; repeats: StoreName[] }
  /** `poison`: its class. */
  | ({ event: 'sent'; id: number; topic: string; fate: Fate; poison?: string } & RecordContent &
      WithBytes)
  | { event: 'acknowledged'; id: number; partition: number; offset: number }
  /** Certainly not written. Without `acknowledged` and `refused`, a record may be written. */
  | { event: 'refused'; id: number }
  /** A record of the topic, as read by another client after the last send. */
  | ({ event: 'written'; timestampMs: number } & Place & RecordContent & WithBytes)
  | { event: 'started'; process: string }
  | { event: 'ended'; process: string; how: string }
  /** A complete line of stdout. */
  | ({ event: 'printed'; process: string } & Place & RecordContent)
  /** A scan of the table begins; looks are numbered from 1. The table may be empty. */
  | { event: 'look'; look: number }
  /** The place of the record that an item was made of. `look`: the scan that returned it. */
  | ({ event: 'item'; look: number } & Place & RecordContent)
  /** A file of the offsets from `first` to before `next`. */
  | { event: 'file'; name: string; topic: string; partition: number; first: number; next: number }
  | ({ event: 'line'; file: string } & RecordContent)
  /** A dead letter; place, time and bytes of its original; the sink that rejected it. */
  | ({
      event: 'dead-letter';
      at: Place;
      timestampMs: number;
      reason: string;
      sink?: string;
    } & Place &
      Pick<RecordContent, 'key' | 'content'>)
  /** The group's next offset. Every `printed` event of a process that started later is at this offset or above it. */
  | ({ event: 'committed' } & Place)
  /** For people who read the file: which fault was injected, what was waited for. */
  | { event: 'note'; text: string };

export type EventOf<Name extends HistoryEvent['event']> = Extract<HistoryEvent, { event: Name }>;
