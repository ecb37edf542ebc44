import { runCli } from "./harness/cli/app.ts";

Deno.exit(await runCli(Deno.args));
