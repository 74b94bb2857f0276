import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A resource or data source after an apply. */
export interface RenderedResource {
  /** Full address, such as `module.order_producer.module.task.aws_iam_role.task`. */
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

/** Names of the rendered environments, such as `dev`. */
export function renderedEnvironments(): string[] {
  return readdirSync(folder())
    .map((name) => /^(.+)-app\.state\.json$/.exec(name)?.[1])
    .filter((name) => name !== undefined);
}

/** All resources of a stack and its modules. */
export function resourcesOf(
  environment: string,
  stack: 'infra' | 'app' | 'connect',
): RenderedResource[] {
  const { values } = read(`${environment}-${stack}.state.json`) as {
    values: { root_module: Module };
  };
  return resourcesIn(values.root_module);
}

/** The changes planned for the first apply of the app stack. */
export function plannedAppChanges(environment: string): PlannedChange[] {
  return (read(`${environment}-app.plan.json`) as { resource_changes: PlannedChange[] })
    .resource_changes;
}

/** Argument of a module inside module services → its references, such as `module.topics.topic`. */
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

/** The only resource of this type whose value `key` ends with `ending`. */
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
    throw new Error(`expected one ${type} whose ${key} ends with ${ending}, found ${found.length}`);
  return found[0] as RenderedResource;
}

function resourcesIn({ resources = [], child_modules = [] }: Module): RenderedResource[] {
  return [...resources, ...child_modules.flatMap(resourcesIn)];
}

function folder(): string {
  const path = process.env.TERRAFORM_RENDERED;
  if (path === undefined)
    throw new Error(
      'TERRAFORM_RENDERED: expected a folder with outputs of `terraform show -json`; see deploy/terraform/README.md',
    );
  return path;
}

function read(name: string): unknown {
  return JSON.parse(readFileSync(join(folder(), name), 'utf8'));
}
