// terraform-monthly-cost.ts FILE...: what the stacks in these outputs of `terraform show -json`, of states or of plans, cost in a
// month.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './state-folder.ts';
import {
  countPaidByUse,
  formatCost,
  monthlyCost,
  type Price,
  renderedResources,
} from './terraform-cost.ts';

const files = process.argv.slice(2);
if (files.length === 0) {
  process.stderr.write('usage: node tools/run.mjs tools/terraform-monthly-cost.ts FILE...\n');
  process.exit(64);
}
const list = JSON.parse(readFileSync(join(root, 'deploy/terraform/prices.json'), 'utf8')) as {
  currency: string;
  prices: Record<string, Price>;
};
const resources = files.flatMap((file) => renderedResources(readFileSync(file, 'utf8')));
const cost = monthlyCost(resources, list.prices);
process.stdout.write(`${formatCost(cost, list.currency, countPaidByUse(resources))}\n`);
