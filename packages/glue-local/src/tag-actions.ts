import { isDeleting } from './deleted-row.ts';
import { GlueError, invalidInput } from './glue-error.ts';
import type { RegistryState } from './registry-state.ts';
import type { Actions } from './request.ts';
import { checkTagKeys, maxTags } from './tag-rules.ts';

/** Tags of registries and schemas, each by its ARN. */
export function createTagActions(state: RegistryState) {
  return {
    GetTags({ ResourceArn }) {
      checkResource(ResourceArn);
      return { Tags: state.tags.list(ResourceArn) };
    },

    TagResource({ ResourceArn, TagsToAdd }) {
      checkResource(ResourceArn);
      checkTagKeys(Object.keys(TagsToAdd));
      const count = Object.keys({ ...state.tags.list(ResourceArn), ...TagsToAdd }).length;
      if (count > maxTags) {
        throw invalidInput(`A resource cannot have more than ${maxTags} tags`);
      }
      state.tags.put(ResourceArn, TagsToAdd);
      return {};
    },

    UntagResource({ ResourceArn, TagsToRemove }) {
      checkResource(ResourceArn);
      checkTagKeys(TagsToRemove);
      state.tags.remove(ResourceArn, TagsToRemove);
      return {};
    },
  } satisfies Partial<Actions>;

  function checkResource(arn: string): void {
    const schema = state.arns.parseSchema(arn);
    const registryName = state.arns.parseRegistry(arn) ?? '';
    const row = schema ? state.schemas.find(schema) : state.registries.find(registryName);
    if (row !== undefined && !isDeleting(row)) return;
    throw new GlueError('EntityNotFoundException', `Resource is not found. ResourceArn: ${arn}`);
  }
}
