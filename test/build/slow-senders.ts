import { connect } from "node:net";

/**
 * A process of its own that posts so many bodies and never comes to their end, because a test's own sockets are
 * watched: each sends its first bytes at once and one more every while. It says when all have sent these, and the
 * first line of what each is answered, or that it was cut off.
 */
const [, , place = "", count = "1", firstBytes = "1", everyMs = "200"] = process.argv;
const { hostname, port, pathname } = new URL(place);
let begun = 0;

for (let sender = 0; sender < Number(count); sender += 1) {
  const socket = connect(Number(port), hostname);
  let answer = "";
  socket.write(
    `POST ${pathname} HTTP/1.1\r\nhost: ${hostname}\r\ncontent-type: application/json\r\ncontent-length: 20000000\r\n\r\n`,
  );
  socket.write(Buffer.alloc(Number(firstBytes), " "), () => {
    begun += 1;
    if (begun === Number(count)) process.stdout.write("all have begun\n");
  });
  const trickle = setInterval(() => socket.write(" "), Number(everyMs));
  socket.on("data", (data) => {
    answer += data.toString("latin1");
  });
  socket.on("error", () => undefined);
  socket.on("close", () => {
    clearInterval(trickle);
    process.stdout.write(`${answer.split("\r\n")[0] || "cut off"}\n`);
  });
}
