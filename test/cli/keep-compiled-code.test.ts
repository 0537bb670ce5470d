import { expect, test } from "@jest/globals";
import { cacheFolder } from "../../src/cli/keep-compiled-code.ts";

test.each([
  { platform: "linux", environment: { HOME: "/home/a" }, folder: "/home/a/.cache/incident-to-eval" },
  {
    platform: "linux",
    environment: { HOME: "/home/a", XDG_CACHE_HOME: "/c" },
    folder: "/c/incident-to-eval",
  },
  { platform: "linux", environment: { HOME: "/home/a", XDG_CACHE_HOME: "c" }, folder: undefined },
  {
    platform: "darwin",
    environment: { HOME: "/Users/a" },
    folder: "/Users/a/Library/Caches/incident-to-eval",
  },
  { platform: "linux", environment: {}, folder: undefined },
  { platform: "linux", environment: { HOME: "" }, folder: undefined },
] as const)("on $platform with $environment the folder is $folder", ({ platform, environment, folder }) => {
  expect(cacheFolder(environment, platform)).toBe(folder);
});
