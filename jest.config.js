export default {
  // Test files are loaded as Node loads them, without a virtual machine for each: what they import is loaded once.
  runtime: "<rootDir>/test/build/jest/native-runtime.ts",
  testEnvironment: "<rootDir>/test/build/jest/native-environment.ts",
  transform: {},
  testMatch: ["<rootDir>/test/**/*.test.ts"],
  globalSetup: "<rootDir>/test/build/database-image.js",
  globalTeardown: "<rootDir>/test/build/drop-database-image.js",
  // One worker for each core: the default leaves one idle, and the end-to-end tests are long.
  maxWorkers: "100%",
  setupFilesAfterEnv: ["<rootDir>/test/build/no-network.ts"],
  testTimeout: 30_000,
};
