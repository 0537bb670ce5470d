import { nearestWord } from "../core/text/nearest-word.ts";
import {
  type Command,
  EXIT,
  type ExitCode,
  type NamedCommand,
  type Terminal,
  UsageError,
} from "./command.ts";
import { noFiles, readArguments } from "./read-arguments.ts";

const PROGRAM = "incident-to-eval";

const HELP = `Prints a script that lets a shell complete commands and options.

Usage: incident-to-eval completion bash|zsh|fish

Examples
  incident-to-eval completion bash > ~/.local/share/bash-completion/completions/incident-to-eval
  incident-to-eval completion zsh > "\${fpath[1]}/_incident-to-eval"
  incident-to-eval completion fish > ~/.config/fish/completions/incident-to-eval.fish

Exit codes: 0 printed, 2 usage.
`;

const SCRIPTS: Readonly<Record<string, (commands: readonly NamedCommand[]) => string>> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
};

/** Loads every command, so that its options are known. */
type LoadCommands = () => Promise<readonly NamedCommand[]>;

async function run(
  args: readonly string[],
  terminal: Terminal,
  loadCommands: LoadCommands,
): Promise<ExitCode> {
  const [shell, ...others] = readArguments("completion", args, {}).positionals;
  noFiles("completion", others);
  const script = shell === undefined || !Object.hasOwn(SCRIPTS, shell) ? undefined : SCRIPTS[shell];
  if (script === undefined) {
    const near = nearestWord(shell ?? "", Object.keys(SCRIPTS));
    const hint = near === undefined ? "" : ` Did you mean ${near}?`;
    throw new UsageError(
      `completion takes bash, zsh or fish, got ${JSON.stringify(shell ?? "nothing")}.${hint}`,
    );
  }
  terminal.print(script(await loadCommands()));
  return EXIT.held;
}

function optionsOf({ command }: NamedCommand): readonly string[] {
  return [...Object.keys(command.options ?? {}).map((name) => `--${name}`), "--help"];
}

function bashScript(commands: readonly NamedCommand[]): string {
  const names = commands.map(({ name }) => name).join(" ");
  const cases = commands.map((one) => `    ${one.name}) words="${optionsOf(one).join(" ")}" ;;`);
  return `# Completion of ${PROGRAM} for bash.
_incident_to_eval() {
  local current="\${COMP_WORDS[COMP_CWORD]}" words=""
  if [ "$COMP_CWORD" -eq 1 ]; then
    words="${names} --help --version"
  else
    case "\${COMP_WORDS[1]}" in
${cases.join("\n")}
    help) words="${names}" ;;
    esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _incident_to_eval ${PROGRAM}
`;
}

function zshScript(commands: readonly NamedCommand[]): string {
  const described = commands.map(({ name, summary }) => `    '${name}:${quoted(summary)}'`);
  const cases = commands.map((one) => `    ${one.name}) compadd -- ${optionsOf(one).join(" ")}; _files ;;`);
  return `#compdef ${PROGRAM}
# Completion of ${PROGRAM} for zsh.
_incident_to_eval() {
  local -a commands=(
${described.join("\n")}
  )
  if (( CURRENT == 2 )); then
    _describe 'command' commands
    return
  fi
  case "$words[2]" in
${cases.join("\n")}
    help) _describe 'command' commands ;;
  esac
}
if [ "$funcstack[1]" = "_incident-to-eval" ]; then
  _incident_to_eval "$@"
else
  compdef _incident_to_eval ${PROGRAM}
fi
`;
}

function fishScript(commands: readonly NamedCommand[]): string {
  const names = commands.map(({ name }) => name).join(" ");
  const lines = commands.flatMap((one) => [
    `complete -c ${PROGRAM} -f -n "not __fish_seen_subcommand_from ${names}" -a ${one.name} -d '${quoted(one.summary)}'`,
    ...optionsOf(one).map(
      (option) => `complete -c ${PROGRAM} -n "__fish_seen_subcommand_from ${one.name}" -l ${option.slice(2)}`,
    ),
  ]);
  return `# Completion of ${PROGRAM} for fish.\n${lines.join("\n")}\n`;
}

function quoted(text: string): string {
  return text.replaceAll("'", "’");
}

/** Prints a script that completes these commands and their options. */
export function completionOf(loadCommands: LoadCommands): Command {
  return { help: HELP, run: (args, terminal) => run(args, terminal, loadCommands) };
}
