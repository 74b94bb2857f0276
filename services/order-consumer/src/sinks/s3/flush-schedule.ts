const dayMs = 86_400_000;
/** Every change of a zone's offset in use is at a multiple of it, or is found by halving it. */
const stepMs = 900_000;

/**
 * The times at which files are closed: the multiples of `flushMs` from each local midnight, and each local midnight, as Kafka
 * Connect's `rotate.schedule.interval.ms`. They are counted in elapsed time, so that a day with a change of the clock has 23 or 25
 * hours. A day begins at its first instant, where its midnight does not exist.
 *
 * @param flushMs 1 to 86 400 000
 * @param timeZone a name of the IANA database
 * @returns for an instant in epoch ms, the first of these times after it
 */
export function createFlushSchedule(flushMs: number, timeZone: string): (nowMs: number) => number {
  const offsetMs = offsetIn(timeZone);
  const localDay = (at: number) => Math.floor((at + offsetMs(at)) / dayMs);
  let begin = Number.NaN;
  let end = Number.NaN;

  /** The local day that contains `now`, from its first instant to the first of the next one. */
  function findDay(now: number): void {
    const today = localDay(now);
    let before = now;
    while (localDay(before) >= today) before -= stepMs;
    begin = firstAfter(before, Math.min(before + stepMs, now), (at) => localDay(at) >= today);
    let after = now;
    while (localDay(after) <= today) after += stepMs;
    end = firstAfter(Math.max(after - stepMs, now), after, (at) => localDay(at) > today);
  }

  return (now) => {
    if (!(now >= begin && now < end)) findDay(now);
    const next = begin + (Math.floor((now - begin) / flushMs) + 1) * flushMs;
    return Math.min(next, end);
  };
}

/** The first instant for which the condition holds, where it holds at `to` and not at `from`. */
function firstAfter(from: number, to: number, holds: (at: number) => boolean): number {
  let low = from;
  let high = to;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (holds(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/** The offset of local time from UTC, by instant. */
function offsetIn(timeZone: string): (at: number) => number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    calendar: 'iso8601',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  return (at) => {
    const part = {} as Record<Intl.DateTimeFormatPartTypes, number>;
    for (const { type, value } of format.formatToParts(at)) part[type] = Number(value);
    const { year, month, day, hour, minute, second } = part;
    const local = Date.UTC(year, month - 1, day, hour, minute, second);
    return local - Math.floor(at / 1000) * 1000;
  };
}
