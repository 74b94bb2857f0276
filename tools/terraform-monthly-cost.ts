// terraform-monthly-cost.ts STATE.json...: what the stacks in these outputs of `terraform show -json` cost in a month.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './state-folder.ts';
import { type BilledResource, formatCost, monthlyCost, type Price } from './terraform-cost.ts';

interface Module {
  resources?: BilledResource[];
  child_modules?: Module[];
}

const files = process.argv.slice(2);
if (files.length === 0) {
  process.stderr.write('usage: node tools/run.mjs tools/terraform-monthly-cost.ts STATE.json...\n');
  process.exit(64);
}
const list = JSON.parse(readFileSync(join(root, 'deploy/terraform/prices.json'), 'utf8')) as {
  currency: string;
  prices: Record<string, Price>;
};
const resources = files.flatMap((file) => {
  const { values } = JSON.parse(readFileSync(file, 'utf8')) as { values: { root_module: Module } };
  return resourcesIn(values.root_module);
});
process.stdout.write(`${formatCost(monthlyCost(resources, list.prices), list.currency)}\n`);

function resourcesIn({ resources = [], child_modules = [] }: Module): BilledResource[] {
  return [...resources, ...child_modules.flatMap(resourcesIn)];
}
