/** The user as which a connector reads changes. */
export interface ReplicationUser {
  name: string;
  password: string;
}
