/** The machine that the numbers come from, in general terms: `2 cores, 24 GiB of memory, Linux, Deno 2.9.6`. */
export function machine(): string {
  const gibibytes = Math.round(Deno.systemMemoryInfo().total / 2 ** 30);
  const system = Deno.build.os === "linux" ? "Linux" : Deno.build.os;
  return `${navigator.hardwareConcurrency} cores, ${gibibytes} GiB of memory, ${system}, Deno ${Deno.version.deno}`;
}
