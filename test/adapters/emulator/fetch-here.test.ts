import { createServer, type Server } from "node:http";
import { afterEach, expect, test } from "@jest/globals";
import { fetchHere } from "../../../src/adapters/emulator/fetch-here.ts";

let server: Server | undefined;
afterEach(() => {
  server?.close();
});

async function serverThatCloses(times: number): Promise<string> {
  let left = times;
  const listening = createServer((request, response) => {
    left -= 1;
    if (left >= 0) request.socket.destroy();
    else response.end("here");
  });
  server = listening;
  await new Promise<void>((resolve) => listening.listen(0, "127.0.0.1", resolve));
  const address = listening.address();
  return `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
}

test("a connection that was closed under a request is opened once more", async () => {
  const response = await fetchHere(await serverThatCloses(1));
  expect(await response.text()).toBe("here");
});

test("a server that closes every connection is told as it is", async () => {
  await expect(fetchHere(await serverThatCloses(2))).rejects.toThrow("fetch failed");
});
