import { contains, type Datum } from './datum.ts';
import { beyondPython } from './python-value.ts';

/** The integers of JSON that it keeps every digit of. */
export const exactInPythonJson = { min: -(2n ** 63n), max: 2n ** 64n - 1n };

/** What the Python library cannot do with records that Java and we agree on. The tests hold it to exactly this. */
export const knownPythonFailures = {
  /** Records that Python reads, but writes with another body than it read. */
  rewrites: [
    {
      fixtures: ['public-015-unions', 'public-017-unions'],
      reason:
        'its values do not say their union branch: of two records with the same fields it writes the first',
    },
  ],
  /** JSON that Python reads as another value, and cannot write. */
  roundsJson: [
    {
      fixtures: ['public-060-json-big-integer'],
      reason: 'orjson reads an integer of more than 64 bits as a float, and refuses to write one',
    },
  ],
  /** Values that Python cannot read. */
  reads: [
    {
      reason: 'it makes dates and timestamps datetimes, which know the years 1 to 9999',
      applies: (datum: Datum) => contains(datum, beyondPython),
      error: /OverflowError|ValueError/,
    },
  ],
};
