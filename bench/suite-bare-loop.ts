import { Agent, request } from "node:http";
import { MODEL, QUESTION, SYSTEM } from "./suite-project.ts";

/** The least that anyone could do, as a process: one request for each case, no fixture, no grading. */
const [, , over = "", baseURL = "", count = "", concurrency = ""] = process.argv;
const BODY = {
  model: MODEL,
  max_tokens: 1024,
  system: SYSTEM,
  messages: [{ role: "user" as const, content: QUESTION }],
};

const ask = over === "sdk" ? await overSdk() : overHttp();
let next = 0;
await Promise.all(
  Array.from({ length: Number(concurrency) }, async () => {
    for (; next < Number(count); ) {
      next += 1;
      await ask();
    }
  }),
);

async function overSdk(): Promise<() => Promise<unknown>> {
  const { default: Anthropic } = await import("@anthropic-ai/sdk");
  const client = new Anthropic({ apiKey: "bench", baseURL });
  return async () => await client.messages.create(BODY);
}

function overHttp(): () => Promise<unknown> {
  const agent = new Agent({ keepAlive: true });
  const options = { method: "POST", agent, headers: { "content-type": "application/json" } };
  return () =>
    new Promise((resolve, reject) => {
      const sent = request(`${baseURL}/v1/messages`, options, (answer) => {
        let text = "";
        answer.setEncoding("utf8").on("data", (part: string) => {
          text += part;
        });
        answer.on("end", () => resolve(JSON.parse(text)));
      });
      sent.on("error", reject);
      sent.end(JSON.stringify(BODY));
    });
}
