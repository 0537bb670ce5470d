import { expect, test } from "@jest/globals";
import { type Party, parseParty } from "../../../src/core/config/party.ts";

test.each<[string, Party | undefined]>([
  ["write", { kind: "role", role: "write" }],
  ["admin", { kind: "role", role: "admin" }],
  ["@acme/release-authority", { kind: "team", team: { org: "acme", slug: "release-authority" } }],
  ["@olga", { kind: "person", login: "olga" }],
  // Everybody can read a public repository.
  ["read", undefined],
  ["none", undefined],
  ["olga", undefined],
  ["acme/release-authority", undefined],
  ["@acme/", undefined],
  ["@acme/../../repos", undefined],
  ["@acme/..", undefined],
  ["@acme/a b", undefined],
  ["@-x", undefined],
  ["", undefined],
])("%j names %j", (text, party) => {
  expect(parseParty(text)).toEqual(party);
});
