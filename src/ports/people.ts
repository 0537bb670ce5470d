import type { Role, Team } from "../core/config/party.ts";

/** Whether somebody is in a team; `unreadable` where GitHub does not let us know, which is never a yes. */
export type Membership = "member" | "not_member" | "unreadable";

/** Tells what people may do. An answer is as old as a minute at most. */
export interface People {
  /** Tells what a person may do in this repository; an unknown person may do nothing. */
  fetchRole(login: string): Promise<Role>;
  /** Tells whether a person is in a team; who was invited and has not answered is not. */
  fetchMembership(team: Team, login: string): Promise<Membership>;
}
