import { loadSite } from "../harness/adapters/site/load.ts";
import { plumb } from "./contenders/plumb.ts";
import { testinfra } from "./contenders/testinfra.ts";
import { floor } from "./contenders/floor.ts";
const folder = "/tmp/bl/arena";
await Deno.mkdir(folder, { recursive: true });
const arena = { site: await loadSite("/tmp/bl/lab.yaml"), network: "/run/netns/bench-try", folder };
const p = await plumb(arena);
await Deno.copyFile("/tmp/bl/lab.yaml", folder + "/project/sites/lab.yaml");
const f = await floor(arena);
const all = [p, f];
if (Deno.args.includes("t")) all.push(await testinfra(arena, 0), await testinfra(arena, 5), await testinfra(arena, 2));
try {
  for (let i = 0; i < Number(Deno.args[0]); i++) for (const c of all) console.log(c.name, Math.round(await c.round()));
} finally {
  for (const c of all) await c[Symbol.asyncDispose]();
}
