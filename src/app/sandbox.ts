import { randomBytes } from "node:crypto";
import { fileURLToPath } from "node:url";
import { type Demonstration, readDemonstration } from "../adapters/emulator/demonstration.ts";
import { type GithubEmulator, startGithubEmulator } from "../adapters/emulator/github-emulator.ts";
import { startGithubViewer } from "../adapters/emulator/github-viewer.ts";
import { fillRepository } from "../adapters/emulator/people.ts";
import { parseScript } from "../adapters/emulator/script.ts";
import { startScriptedModel } from "../adapters/emulator/scripted-model.ts";
import { type StoryEvent, tellStory } from "../adapters/emulator/tell-story.ts";
import { problemText } from "../core/problem.ts";
import { type Environment, readEnvironment, type Variables } from "./env.ts";
import { WEBHOOK_PATH } from "./http-front.ts";
import { createLogger, type LogSink } from "./log.ts";
import { type SignalledProcess, stopOnSignals } from "./shutdown.ts";
import { startServer } from "./wiring.ts";

const DEMONSTRATION = fileURLToPath(new URL("../../evals/demo/", import.meta.url));
const APP_ID = 1_042;
const SLUG = "incident-to-eval";
