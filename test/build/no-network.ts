import { afterAll } from "@jest/globals";
import nock from "nock";

// No test reaches beyond loopback. Restored after each file, because a second
// nock in the same process would otherwise be layered over this one.
nock.disableNetConnect();
nock.enableNetConnect(/^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/);

afterAll(() => {
  nock.cleanAll();
  nock.enableNetConnect();
  nock.restore();
});
