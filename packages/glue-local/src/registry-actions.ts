import type { Action } from './aws-json.ts';
import { GlueError } from './glue-error.ts';
import { readRegistryId } from './identifiers.ts';
import { optionalText, requiredStructure, requiredText } from './members.ts';
import { readPage } from './page.ts';
import { isoTime, type RegistryState } from './registry-state.ts';
import type { RegistryRow } from './registry-table.ts';
import { descriptionRule, nameRule, readTags } from './request-rules.ts';

// Quotas: https://docs.aws.amazon.com/glue/latest/dg/schema-registry.html
const maxRegistries = 100;

export function createRegistryActions(state: RegistryState): Record<string, Action> {
  return {
    CreateRegistry(input) {
      const name = requiredText(input, 'RegistryName', nameRule);
      const description = optionalText(input, 'Description', descriptionRule);
      const tags = readTags(input);
      if (state.registries.find(name) !== undefined) {
        throw new GlueError(
          'AlreadyExistsException',
          `Registry already exists. RegistryName: ${name}`,
        );
      }
      addRegistry(state, name, description);
      const arn = state.arns.registry(name);
      state.tags.insert(arn, tags);
      return {
        RegistryArn: arn,
        RegistryName: name,
        Description: description,
        Tags: Object.fromEntries(tags),
      };
    },

    GetRegistry(input) {
      const id = readRegistryId(state, requiredStructure(input, 'RegistryId'));
      const row = state.registries.find(id.name);
      if (row === undefined) throw id.notFound();
      return describe(row);
    },

    ListRegistries(input) {
      const page = readPage(
        input,
        ([after = ''], limit) => state.registries.listAfter(after, limit),
        (row) => [row.name],
      );
      return { Registries: page.items.map(describe), NextToken: page.nextToken };
    },
  };

  function describe(row: RegistryRow) {
    return {
      RegistryName: row.name,
      RegistryArn: state.arns.registry(row.name),
      Description: row.description ?? undefined,
      Status: 'AVAILABLE',
      CreatedTime: isoTime(row.created_ms),
      UpdatedTime: isoTime(row.updated_ms),
    };
  }
}

export function addRegistry(state: RegistryState, name: string, description?: string): void {
  if (state.registries.count() >= maxRegistries) {
    throw new GlueError(
      'ResourceNumberLimitExceededException',
      'More registries cannot be created. The maximum limit has been reached.',
    );
  }
  const nowMs = state.now();
  state.registries.insert({
    name,
    description: description ?? null,
    created_ms: nowMs,
    updated_ms: nowMs,
  });
}
