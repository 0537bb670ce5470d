import { connect, createServer, type Socket } from "node:net";

/** A line to a server that a test can cut and join again. */
export interface CuttableLine {
  readonly port: number;
  /** Ends what goes over the line, and takes nothing more. */
  cut(): Promise<void>;
  /** Takes connections again, on the same port. */
  join(): Promise<void>;
}

/** Lays a line to a server on this machine; it is cut at first. */
export async function layLine(to: { readonly host: string; readonly port: number }): Promise<CuttableLine> {
  const open = new Set<Socket>();
  const server = createServer((here) => {
    const there = connect(to);
    for (const [one, other] of [
      [here, there],
      [there, here],
    ] as const) {
      open.add(one);
      one.on("error", () => other.destroy());
      one.on("close", () => {
        open.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  });
  const listen = (port: number) => new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const cut = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      for (const socket of open) socket.destroy();
    });
  await listen(0);
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the line has no port");
  await cut();
  return { port: address.port, cut, join: () => listen(address.port) };
}
