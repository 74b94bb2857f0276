import { contains, type Datum } from './datum.ts';
import { beyondPython } from './python-value.ts';

/** The range of JSON integers that the Python library reads exactly. */
export const exactInPythonJson = { min: -(2n ** 63n), max: 2n ** 64n - 1n };

/** The known failures of the Python library with records that Java and this project handle. The tests expect exactly these. */
export const knownPythonFailures = {
  /** Records that Python reads but writes with a different body. */
  rewrites: [
    {
      fixtures: ['public-015-unions', 'public-017-unions'],
      reason:
        'its values do not name their union branch, so of two records with the same fields it writes the first',
    },
  ],
  /** JSON that Python reads as a different value and cannot write. */
  roundsJson: [
    {
      fixtures: ['public-060-json-big-integer'],
      reason: 'orjson reads an integer of more than 64 bits as a float and cannot write one',
    },
  ],
  /** Values that Python cannot read. */
  reads: [
    {
      reason: 'it converts dates and timestamps to datetimes, which support the years 1 to 9999',
      applies: (datum: Datum) => contains(datum, beyondPython),
      error: /OverflowError|ValueError/,
    },
  ],
};
