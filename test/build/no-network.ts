import { afterAll } from "@jest/globals";
import nock from "nock";

// No test reaches beyond loopback. Runs before each file, and what a file had answered is gone after it.
if (!nock.isActive()) nock.activate();
nock.disableNetConnect();
nock.enableNetConnect(/^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/);

afterAll(() => {
  nock.cleanAll();
  nock.enableNetConnect();
  nock.restore();
});
