import { groupProtocol, type KafkaAdmin } from '@order-stream/runtime';

export interface GroupMember {
  memberId: string;
  clientId: string;
  host: string;
  /** Topic → partitions. */
  assignment: Readonly<Record<string, readonly number[]>>;
}

export interface GroupState {
  groupId: string;
  /** Kafka's name: `Stable`, `PreparingRebalance`, `Empty`. `Dead`: the group does not exist. */
  state: string;
  members: GroupMember[];
}

export async function groupState(admin: KafkaAdmin, groupId: string): Promise<GroupState> {
  const [group] = (await admin.describeGroups([groupId])).groups;
  return {
    groupId,
    state: group?.state ?? 'Dead',
    members: (group?.members ?? []).map(({ memberId, clientId, clientHost, memberAssignment }) => ({
      memberId,
      clientId,
      host: clientHost.replace(/^\//, ''),
      assignment: groupProtocol.MemberAssignment.decode(memberAssignment)?.assignment ?? {},
    })),
  };
}

/** One line: the state, and how many members. */
export function groupLine({ groupId, state, members }: GroupState): string {
  if (state === 'Dead') return `group ${groupId}: does not exist`;
  const count = members.length === 1 ? '1 member' : `${members.length} members`;
  return `group ${groupId}: ${state}, ${count}`;
}

export function ownerOf(
  { members }: GroupState,
  topic: string,
  partition: number,
): GroupMember | undefined {
  return members.find(({ assignment }) => assignment[topic]?.includes(partition));
}

/** Offsets are moved only while nobody reads: a member would go on from its own place, and commit it. */
export class GroupNotEmptyError extends Error {
  readonly code = 'group-not-empty';
  readonly retryable = true;

  constructor({ groupId, state, members }: GroupState) {
    const names = members.map(
      ({ clientId, host, memberId }) => `${clientId} at ${host} (${memberId})`,
    );
    super(
      members.length === 0
        ? `group ${groupId} is not empty (${state}): wait until its members have left`
        : `group ${groupId} is not empty, stop its members first: ${names.join(', ')}`,
    );
    this.name = 'GroupNotEmptyError';
  }
}

/** @throws GroupNotEmptyError */
export function requireEmpty(group: GroupState): void {
  if (group.members.length > 0 || !['Empty', 'Dead'].includes(group.state))
    throw new GroupNotEmptyError(group);
}
