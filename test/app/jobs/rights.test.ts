import { expect, test } from "@jest/globals";
import { standingAmong } from "../../../src/app/jobs/rights.ts";
import { FakeGitHub } from "../../build/fake-github.ts";

const CLOSED_TEAM = "@acme/secret";

function people() {
  const github = new FakeGitHub();
  github.roles.set("wanda", "write");
  github.memberships.set("@acme/release-authority rita", "member");
  github.memberships.set(`${CLOSED_TEAM} rita`, "unreadable");
  return github;
}

test.each([
  { parties: ["write"], login: "wanda", standing: { kind: "allowed", as: "write" } },
  { parties: ["triage"], login: "wanda", standing: { kind: "allowed", as: "triage" } },
  { parties: ["maintain"], login: "wanda", standing: { kind: "not_allowed", unreadable: [] } },
  { parties: ["@Wanda"], login: "wanda", standing: { kind: "allowed", as: "@Wanda" } },
  { parties: ["@rita"], login: "wanda", standing: { kind: "not_allowed", unreadable: [] } },
  {
    parties: ["admin", "@acme/release-authority"],
    login: "rita",
    standing: { kind: "allowed", as: "@acme/release-authority" },
  },
  { parties: [CLOSED_TEAM], login: "rita", standing: { kind: "not_allowed", unreadable: [CLOSED_TEAM] } },
  { parties: ["nonsense", "read"], login: "wanda", standing: { kind: "not_allowed", unreadable: [] } },
  { parties: [], login: "wanda", standing: { kind: "not_allowed", unreadable: [] } },
])("$login among $parties: $standing.kind", async ({ parties, login, standing }) => {
  expect(await standingAmong(parties, login, people())).toEqual(standing);
});
