import { isDeleting } from './deleted-row.ts';
import { GlueError, invalidInput } from './glue-error.ts';
import type { RegistryState } from './registry-state.ts';
import type { Actions } from './request.ts';
import { registryResource, schemaResource } from './resource-name.ts';
import { checkTagKeys, maxTags } from './tag-rules.ts';

/** Tags of registries and schemas. Requests name them by their ARNs. */
export function createTagActions(state: RegistryState) {
  return {
    GetTags({ ResourceArn }) {
      return { Tags: state.tags.list(findResource(ResourceArn)) };
    },

    TagResource({ ResourceArn, TagsToAdd }) {
      const resource = findResource(ResourceArn);
      checkTagKeys(Object.keys(TagsToAdd));
      const count = Object.keys({ ...state.tags.list(resource), ...TagsToAdd }).length;
      if (count > maxTags) {
        throw invalidInput(`A resource cannot have more than ${maxTags} tags`);
      }
      state.tags.put(resource, TagsToAdd);
      return {};
    },

    UntagResource({ ResourceArn, TagsToRemove }) {
      const resource = findResource(ResourceArn);
      checkTagKeys(TagsToRemove);
      state.tags.remove(resource, TagsToRemove);
      return {};
    },
  } satisfies Partial<Actions>;

  function findResource(arn: string): string {
    const schema = state.arns.parseSchema(arn);
    const registryName = state.arns.parseRegistry(arn) ?? '';
    const row = schema ? state.schemas.find(schema) : state.registries.find(registryName);
    if (row !== undefined && !isDeleting(row)) {
      return schema ? schemaResource(schema) : registryResource(registryName);
    }
    throw new GlueError('EntityNotFoundException', `Resource is not found. ResourceArn: ${arn}`);
  }
}
