import { contains, type Datum } from './datum.ts';
import { beyondPython } from './python-value.ts';

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
  /** Values that Python cannot read. */
  reads: [
    {
      reason: 'it makes dates and timestamps datetimes, which know the years 1 to 9999',
      applies: (datum: Datum) => contains(datum, beyondPython),
      error: /OverflowError|ValueError/,
    },
  ],
};
