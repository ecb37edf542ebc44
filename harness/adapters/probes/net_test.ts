import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { getHttp } from "./http.ts";
import { knockTcp, resolveDns } from "./net.ts";

const signal = () => AbortSignal.timeout(5_000);

Deno.test("a port is open or not; what greets first is heard", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  const greeted = knockTcp("127.0.0.1", port, 1_000, signal());
  const connection = await listener.accept();
  await connection.write(new TextEncoder().encode("SSH-2.0-test\r\nmore"));
  assert.deepEqual(await greeted, { open: true, banner: "SSH-2.0-test" });
  connection.close();
  listener.close();
  assert.deepEqual(await knockTcp("127.0.0.1", port, 1_000, signal()), { open: false, banner: "" });
});

Deno.test("plain HTTP gives status, headers and body; redirects are not followed", async () => {
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    () => new Response("gone there", { status: 302, headers: { location: "/elsewhere" } }),
  );
  const facts = await getHttp(`http://127.0.0.1:${server.addr.port}/`, undefined, signal());
  assert.equal(facts.status, 302);
  assert.equal(facts.headers.location, "/elsewhere");
  assert.equal(facts.body, "gone there");
  assert.equal(facts.tls, undefined);
  await server.shutdown();
  await assert.rejects(getHttp(`http://127.0.0.1:${server.addr.port}/`, undefined, signal()), /ECONNREFUSED/);
});

Deno.test("HTTPS tells of the certificate, and an untrusted one is refused", async () => {
  const folder = await Deno.makeTempDir();
  const [key, cert] = [`${folder}/key.pem`, `${folder}/cert.pem`];
  const subject = ["-subj", "/CN=plumb test", "-addext", "subjectAltName=IP:127.0.0.1,DNS:lab.example"];
  const made = await new Deno.Command("openssl", {
    args: [
      "req",
      "-x509",
      "-newkey",
      "ec",
      "-pkeyopt",
      "ec_paramgen_curve:P-256",
      "-nodes",
      "-days",
      "20",
      "-keyout",
      key,
      "-out",
      cert,
      ...subject,
    ],
    stderr: "piped",
  }).output();
  assert.equal(made.code, 0, new TextDecoder().decode(made.stderr));
  const server = Deno.serve(
    {
      hostname: "127.0.0.1",
      port: 0,
      key: await Deno.readTextFile(key),
      cert: await Deno.readTextFile(cert),
      onListen: () => {},
    },
    () => new Response("secret"),
  );
  const url = `https://127.0.0.1:${server.addr.port}/`;
  const { tls } = await getHttp(url, cert, signal());
  assert.equal(tls?.subject, "plumb test");
  assert.ok(tls.daysLeft >= 18 && tls.daysLeft <= 20, String(tls.daysLeft));
  assert.deepEqual(tls.names.sort(), ["127.0.0.1", "lab.example"]);
  await assert.rejects(getHttp(url, undefined, signal()));
  await server.shutdown();
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a DNS server that does not answer is an error, not an empty answer", async () => {
  const silent = createSocket("udp4");
  await new Promise<void>((resolve) => silent.bind(0, "127.0.0.1", resolve));
  const server = `127.0.0.1:${silent.address().port}`;
  await assert.rejects(resolveDns({ kind: "dns", name: "a.example", type: "A", server, timeoutMs: 400 }));
  silent.close();
});
