import { Command } from "commander";
import { examine } from "./doctor/examination";
import { reportLines } from "./doctor/report";
import { exitCodes } from "./exit-codes";
import { painter } from "./view/colours";

interface DoctorOptions {
  readonly json: boolean;
  readonly online: boolean;
}

/** `./sitewright doctor`: what this machine has, what it lacks, and how the rest will be got. */
export function doctorCommand(): Command {
  return new Command("doctor")
    .description("say what this machine has and lacks; changes nothing")
    .option("--json", "print the findings as JSON", false)
    .option("--online", "also ask the registries and release hosts whether they answer", false)
    .addHelpText(
      "after",
      "\nWithout --online nothing is asked of the network.\n" +
        "Exit code: 0 when all is here or can be got, 5 when something stands in the way.",
    )
    .action(async (options: DoctorOptions) => {
      const examination = await examine(options.online);
      const paint = painter(process.stdout, process.env);
      const text = options.json
        ? JSON.stringify(examination, null, 2)
        : reportLines(examination, paint, process.stdout.columns ?? 120).join("\n");
      process.stdout.write(`${text}\n`);
      process.exitCode = examination.lacks.length === 0 ? exitCodes.ok : exitCodes.machine;
    });
}
