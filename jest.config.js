export default {
  testEnvironment: "node",
  extensionsToTreatAsEsm: [".ts"],
  transform: { "\\.ts$": "<rootDir>/test/build/strip-types.js" },
  testMatch: ["<rootDir>/test/**/*.test.ts"],
  globalSetup: "<rootDir>/test/build/database-image.js",
  globalTeardown: "<rootDir>/test/build/drop-database-image.js",
  // One worker for each core: the default leaves one idle, and the end-to-end tests are long.
  maxWorkers: "100%",
  setupFilesAfterEnv: ["<rootDir>/test/build/no-network.ts"],
  testTimeout: 30_000,
};
