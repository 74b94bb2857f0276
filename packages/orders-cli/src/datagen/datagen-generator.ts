import { createSeededRandom } from '../seeded-random.ts';
import { randomUuid } from '../seeded-uuid.ts';

/** A record before it is encoded: a key of plain text and a value whose members are text. */
export interface GeneratedRecord {
  key: string;
  value: Record<string, string>;
}

const firstNames = [
  'Ada',
  'Bao',
  'Chidi',
  'Dolores',
  'Emre',
  'Fatima',
  'Grace',
  'Hiro',
  'Ines',
  'Jonas',
];
const lastNames = [
  'Abara',
  'Bauer',
  'Castillo',
  'Dupont',
  'Eriksen',
  'Fujita',
  'Gupta',
  'Hopper',
  'Ito',
];

/**
 * The records of one task of the MSK data generator with the settings of the reference:
 * customers with `#{Code.isbn10}` as key and `#{Name.full_name}`; orders with `#{Internet.uuid}` as key, product 101 to 108 and
 * quantity 1 to 4 (`number_between` excludes its end), and the key of a customer.
 *
 * The same seed makes the same records, as long as every customer is acknowledged before the next order is made.
 *
 * @param history customers that can be chosen; the oldest are forgotten
 */
export function createDatagen(seed: string, history: number) {
  const random = createSeededRandom(seed);
  const one = <Value>(values: readonly Value[]) =>
    values[random.integer(0, values.length - 1)] as Value;
  /** A ring: the newest customer replaces the oldest. */
  const customers: string[] = [];
  let oldest = 0;

  return {
    customer: (): GeneratedRecord => ({
      key: isbn10(Array.from({ length: 9 }, () => random.integer(0, 9))),
      value: { name: `${one(firstNames)} ${one(lastNames)}` },
    }),
    /** From now on, orders can be of this customer. */
    acknowledged({ key }: GeneratedRecord): void {
      if (customers.length < history) {
        customers.push(key);
        return;
      }
      customers[oldest] = key;
      oldest = (oldest + 1) % history;
    },
    /** Undefined while no customer is acknowledged. */
    order(): GeneratedRecord | undefined {
      if (customers.length === 0) return undefined;
      return {
        key: randomUuid(random),
        value: {
          quantity: String(random.integer(1, 4)),
          product_id: String(random.integer(101, 108)),
          customer_id: one(customers),
        },
      };
    },
  };
}

/** Nine digits and their check digit, which is X for 10. */
function isbn10(digits: readonly number[]): string {
  const sum = digits.reduce((total, digit, index) => total + digit * (10 - index), 0);
  const check = (11 - (sum % 11)) % 11;
  return `${digits.join('')}${check === 10 ? 'X' : check}`;
}
