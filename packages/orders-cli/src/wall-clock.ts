/** Epoch milliseconds, to compare with the timestamps of records. Durations use `systemClock`. */
export const wallClockMs = (): number => Date.now();
