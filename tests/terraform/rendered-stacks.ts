import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A resource or data source as it stands after an apply. */
export interface RenderedResource {
  /** From the root module on: `module.order_producer.module.task.aws_iam_role.task`. */
  address: string;
  mode: 'managed' | 'data';
  type: string;
  name: string;
  values: Record<string, unknown>;
}

interface Module {
  resources?: RenderedResource[];
  child_modules?: Module[];
}

interface ModuleCall {
  expressions: Record<string, { references?: string[] }>;
  module: { module_calls: Record<string, ModuleCall> };
}

export interface PlannedChange {
  address: string;
  mode: 'managed' | 'data';
  type: string;
  change: { actions: string[] };
}

/** The environments that have been rendered, `dev` and the like. */
export function renderedEnvironments(): string[] {
  return readdirSync(folder())
    .map((name) => /^(.+)-app\.state\.json$/.exec(name)?.[1])
    .filter((name) => name !== undefined);
}

/** Every resource of a stack, those of its modules included. */
export function resourcesOf(environment: string, stack: 'infra' | 'app'): RenderedResource[] {
  const { values } = read(`${environment}-${stack}.state.json`) as {
    values: { root_module: Module };
  };
  return resourcesIn(values.root_module);
}

/** What the first apply of the app stack is going to do. */
export function plannedAppChanges(environment: string): PlannedChange[] {
  return (read(`${environment}-app.plan.json`) as { resource_changes: PlannedChange[] })
    .resource_changes;
}

/** What each argument of a module within module services is made from, such as `module.topics.topic`. */
export function argumentsOf(environment: string, module: string): Record<string, string[]> {
  const { configuration } = read(`${environment}-app.plan.json`) as {
    configuration: { root_module: { module_calls: Record<string, ModuleCall> } };
  };
  const services = configuration.root_module.module_calls.services?.module.module_calls;
  const expressions: ModuleCall['expressions'] = services?.[module]?.expressions ?? {};
  return Object.fromEntries(
    Object.entries(expressions).map(([name, { references = [] }]) => [name, references]),
  );
}

/** The one resource of that type whose value `key` ends with `ending`. */
export function resourceEnding(
  resources: readonly RenderedResource[],
  type: string,
  key: string,
  ending: string,
): RenderedResource {
  const found = resources.filter(
    (resource) =>
      resource.mode === 'managed' &&
      resource.type === type &&
      String(resource.values[key]).endsWith(ending),
  );
  if (found.length !== 1)
    throw new Error(`${found.length} ${type} whose ${key} ends with ${ending}`);
  return found[0] as RenderedResource;
}

function resourcesIn({ resources = [], child_modules = [] }: Module): RenderedResource[] {
  return [...resources, ...child_modules.flatMap(resourcesIn)];
}

function folder(): string {
  const path = process.env.TERRAFORM_RENDERED;
  if (path === undefined)
    throw new Error(
      'TERRAFORM_RENDERED must name a folder of `terraform show -json` outputs: see deploy/terraform/README.md',
    );
  return path;
}

function read(name: string): unknown {
  return JSON.parse(readFileSync(join(folder(), name), 'utf8'));
}
