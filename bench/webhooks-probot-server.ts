import { createServer } from "node:http";
import { pino } from "pino";
import { createNodeMiddleware, Probot } from "probot";

/** Probot as it comes, with a handler that does nothing; nothing is kept. Prints its address. */
const probot = new Probot({
  appId: 1,
  privateKey: process.env.PRIVATE_KEY ?? "",
  secret: process.env.WEBHOOK_SECRET ?? "",
  log: pino({ level: "silent" }),
});
const middleware = await createNodeMiddleware(
  (app) => {
    app.on("pull_request", () => undefined);
  },
  { probot, webhooksPath: "/api/github/webhooks" },
);
const server = createServer(middleware);
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  process.stdout.write(`listening on http://127.0.0.1:${address.port}\n`);
});
