import assert from "node:assert/strict";
import type { AddressInfo } from "node:net";
import ssh2 from "ssh2";
import type { Host, Site } from "../../model/site.ts";
import { ShellError } from "./batch.ts";
import { SshPool } from "./ssh.ts";

/** What is used of a connection that the server has; the package comes without types. */
interface Client {
  on(event: "authentication", does: (login: { accept(): void; reject(): void }) => void): void;
  on(event: "error", does: () => void): void;
  on(event: "session", does: (accept: () => Session) => void): void;
}

interface Session {
  on(event: "exec", does: (accept: () => { exit(code: number): void; end(): void }) => void): void;
}

/** What an SSH server that lets nobody in at first was asked, and how a command on it ended. */
interface Asked {
  readonly logins: number;
  readonly ended: number | null | ShellError;
}

/** Runs a command by way of a server that refuses so many logins before it accepts one. */
async function run(refusals: number): Promise<Asked> {
  const folder = await Deno.makeTempDir();
  const [own, known] = [ssh2.utils.generateKeyPairSync("ed25519"), ssh2.utils.generateKeyPairSync("ed25519")];
  let logins = 0;
  const server = new ssh2.Server({ hostKeys: [own.private] }, (client: Client) => {
    const refuses = logins++ < refusals;
    client.on("authentication", (login) => refuses ? login.reject() : login.accept());
    client.on("error", () => undefined); // a client that was refused goes without a word
    client.on("session", (accept) =>
      accept().on("exec", (accept) => {
        const stream = accept();
        stream.exit(0);
        stream.end();
      }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    const { port } = server.address() as AddressInfo;
    await Deno.writeTextFile(`${folder}/key`, known.private, { mode: 0o600 });
    await Deno.writeTextFile(`${folder}/known_hosts`, `[127.0.0.1]:${port} ${own.public}\n`);
    const ssh = { port, key: `${folder}/key`, known_hosts: `${folder}/known_hosts` };
    const pool = new SshPool({ ssh } as Site);
    const host: Host = { name: "one", roles: [], address: "127.0.0.1", user: "root" };
    const ended = await pool.shell(host).run("true", () => undefined, new AbortController().signal)
      .catch((error: unknown) => error as ShellError);
    await pool.close();
    return { logins, ended };
  } finally {
    await new Promise<void>((resolve) => server.close(() => resolve()));
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("a host that lets nobody in while it boots is asked once more", async () => {
  assert.deepEqual(await run(1), { logins: 2, ended: 0 });
});

Deno.test("a host that refuses the key twice refuses it, and is not asked again", async () => {
  const { logins, ended } = await run(2);
  assert.equal(logins, 2);
  assert.ok(ended instanceof ShellError);
  assert.match(ended.message, /^one \(root@127\.0\.0\.1:\d+\) refuses the key; add its public half to authorized_keys/);
});
