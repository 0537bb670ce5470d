import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";
import pg from "pg";

/** The least that keeps a delivery: checks the signature, inserts the whole payload, then answers. Prints its address. */
const secret = process.env.WEBHOOK_SECRET ?? "";
const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10 });
await pool.query(
  "create table if not exists bare (id text primary key, event text not null, payload text not null, at timestamptz not null default now())",
);

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", async () => {
    const body = Buffer.concat(chunks);
    const expected = Buffer.from(`sha256=${createHmac("sha256", secret).update(body).digest("hex")}`);
    const given = Buffer.from(String(request.headers["x-hub-signature-256"]));
    const isSigned = given.byteLength === expected.byteLength && timingSafeEqual(given, expected);
    let status = 401;
    if (isSigned) {
      const { "x-github-delivery": id, "x-github-event": event } = request.headers;
      const values = [id, event, body.toString("utf8")];
      status = await pool
        .query("insert into bare (id, event, payload) values ($1, $2, $3) on conflict do nothing", values)
        .then(
          () => 202,
          () => 503,
        );
    }
    response.writeHead(status, { "content-length": 0 });
    response.end();
  });
});
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  process.stdout.write(`listening on http://127.0.0.1:${address.port}\n`);
});
