// What test files get as `@jest/globals`, whose own module refuses to be imported outside of a virtual machine.
export const { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } = globalThis;
