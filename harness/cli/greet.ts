import { greetWireGuard } from "../adapters/probes/net.ts";
import { openSecrets } from "../adapters/site/secrets.ts";
import { loadSite } from "../adapters/site/load.ts";
import { useToolchain } from "../adapters/steps/toolchain.ts";
import { select } from "../model/site.ts";
import { exitCodes } from "../model/outcome.ts";
import { enterLab, mustEnterLab, requireLab, sitePath } from "./network.ts";

/** Milliseconds that an answer may take. */
const limitMs = 3_000;

/** `greet`: asks the site's gateway for a WireGuard handshake, as the site's own probing peer. */
export default async function greet(flags: { site: string }, address: string, port: number, args: readonly string[]) {
  const path = sitePath(flags.site);
  if (mustEnterLab(path)) {
    await requireLab("greet", path);
    return await enterLab(args);
  }
  useToolchain();
  const site = await loadSite(path);
  const secrets = await openSecrets(site, "sops");
  const keys = {
    publicKey: site.publicKeys[select(site, "gateway")[0].name],
    privateKey: secrets.secret("wireguard.plumb.private_key"),
  };
  const { answered } = await greetWireGuard(address, port, keys, limitMs, AbortSignal.timeout(limitMs * 2));
  console.log(answered ? `${address}:${port} answered the handshake` : `${address}:${port} did not answer`);
  return answered ? exitCodes.green.code : exitCodes.red.code;
}
