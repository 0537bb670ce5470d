import { createServer } from "node:http";

/** A model server that answers every request with the same message after a fixed time; prints its port. */
const latencyMs = Number(process.argv[2] ?? "200");

const MESSAGE = JSON.stringify({
  id: "msg_bench",
  type: "message",
  role: "assistant",
  model: "bench",
  content: [{ type: "text", text: "I cannot refund this order before it is approved." }],
  stop_reason: "end_turn",
  stop_sequence: null,
  usage: { input_tokens: 900, output_tokens: 20 },
});

const server = createServer((request, response) => {
  request.resume();
  request.on("end", () => {
    setTimeout(() => {
      response.writeHead(200, { "content-type": "application/json" });
      response.end(MESSAGE);
    }, latencyMs);
  });
});

server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the model server has no port");
  process.stdout.write(`${address.port}\n`);
});
