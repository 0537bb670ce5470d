import { createServer, type RequestListener } from "node:http";
import { afterEach, expect, test } from "@jest/globals";
import { httpFetch } from "../../../src/adapters/model/http-fetch.ts";

const open: { close(): void }[] = [];
afterEach(() => {
  for (const server of open.splice(0)) server.close();
});

async function served(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  open.push({
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return `http://127.0.0.1:${address.port}/v1/messages`;
}

test("a request arrives whole, and status, headers and text of the answer come back", async () => {
  const url = await served(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    response.writeHead(429, { "retry-after": "2", "content-type": "application/json" });
    response.end(
      JSON.stringify({
        method: request.method,
        key: request.headers["x-key"],
        body: String(Buffer.concat(chunks)),
      }),
    );
  });
  const response = await httpFetch(url, {
    method: "POST",
    headers: new Headers({ "x-key": "k" }),
    body: "Grüße 🙂",
  });
  expect(response.status).toBe(429);
  expect(response.headers.get("retry-after")).toBe("2");
  expect(await response.json()).toEqual({ method: "POST", key: "k", body: "Grüße 🙂" });
});

test("an answer without a body is one", async () => {
  const url = await served((_, response) => response.writeHead(204).end());
  expect(await (await httpFetch(url)).text()).toBe("");
});

test("an answer that breaks off is a failure, not a short answer", async () => {
  const url = await served((request, response) => {
    response.writeHead(200, { "content-length": "100" });
    response.write("half", () => request.socket.destroy());
  });
  await expect(httpFetch(url)).rejects.toThrow();
});

test("a request that is given up ends", async () => {
  const controller = new AbortController();
  const url = await served(() => controller.abort());
  await expect(httpFetch(url, { signal: controller.signal })).rejects.toMatchObject({ name: "AbortError" });
});

test("a body that is no text is a mistake of ours", () => {
  expect(() => httpFetch("http://127.0.0.1:1/", { method: "POST", body: new FormData() })).toThrow(TypeError);
});
