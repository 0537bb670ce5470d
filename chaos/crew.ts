import { createServer } from "node:net";
import type { DatabasePlace } from "../src/adapters/postgres/open-database.ts";
import { type AppProcess, type Ending, startAppProcess } from "./app-process.ts";
import type { Fault } from "./find-faults.ts";
import type { World } from "./world.ts";

/** One place in the crew, which is filled again after each kill. */
export interface Member {
  readonly role: "all" | "web" | "worker";
  readonly port: number;
  process: AppProcess;
}

/** How the processes of an app are started. */
export interface CrewOptions {
  readonly world: World;
  readonly place: DatabasePlace;
  /** Where GitHub finds the app. */
  readonly port: number;
  readonly logFile: string;
  /** One does everything; of several, one is for the web and the others for jobs. */
  readonly processes: number;
}

/** The processes of one app. */
export class Crew {
  readonly members: readonly Member[];
  /** Processes that ended although nobody killed them. */
  readonly faults: Fault[] = [];
  /** How long a start took at last. */
  startMs = 2_500;
  starts = 0;
  kills = 0;
  readonly #options: CrewOptions;

  private constructor(options: CrewOptions, ports: readonly number[]) {
    this.#options = options;
    this.members = ports.map((port, index) => {
      const role = ports.length === 1 ? "all" : index === 0 ? "web" : "worker";
      return { role, port, process: this.#start(role, port) };
    });
  }

  /** Starts all of them. */
  static async muster(options: CrewOptions): Promise<Crew> {
    const others = Array.from({ length: options.processes - 1 }, findFreePort);
    return new Crew(options, [options.port, ...(await Promise.all(others))]);
  }

  /** Kills a member and starts it anew. */
  async replace(member: Member): Promise<void> {
    this.#note(member, await member.process.kill());
    this.kills += 1;
    member.process = this.#start(member.role, member.port);
  }

  /** Has all of them stop in an orderly way. */
  async drain(): Promise<void> {
    for (const member of this.members) {
      const ending = await member.process.drain();
      this.#note(member, ending);
      if (ending.kind === "killed")
        this.faults.push({ kind: "stuck", what: `the ${member.role} process did not stop after SIGTERM` });
    }
  }

  /** Starts all of them again. */
  restart(): void {
    for (const member of this.members) member.process = this.#start(member.role, member.port);
  }

  /** Resolves once all of them are ready. */
  async ready(): Promise<void> {
    await Promise.all(this.members.map(({ process }) => process.ready()));
  }

  /** Ends whatever still runs. */
  async disband(): Promise<void> {
    await Promise.all(this.members.map(({ process }) => process.kill()));
  }

  #start(role: Member["role"], port: number): AppProcess {
    const { world, place, logFile } = this.#options;
    const store: Readonly<Record<string, string>> =
      place.kind === "server"
        ? { DATABASE_URL: place.url }
        : place.kind === "directory"
          ? { DATA_DIR: place.path }
          : {};
    this.starts += 1;
    return startAppProcess({ environment: { ...world.environment, ...store, ROLE: role }, port, logFile });
  }

  #note({ role }: Member, ending: Ending): void {
    if (ending.kind === "by_itself")
      this.faults.push({ kind: "stuck", what: `the ${role} process ended by itself: ${ending.because}` });
  }
}

/** Finds a port that nobody listens on. */
export async function findFreePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  if (typeof address !== "object" || address === null) throw new Error("this machine gave no free port");
  return address.port;
}
