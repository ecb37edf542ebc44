import assert from "node:assert/strict";
import { parse } from "yaml";

const folder = new URL("./charts/mongodb/", import.meta.url);
const values = parse(await Deno.readTextFile(new URL("values.yaml", folder)));
const script: string = values["plumb-common"].components.databases.configFiles["/etc/plumb/create.js"];

const files: Readonly<Record<string, string>> = {
  "/etc/plumb/databases": "# service user database extensions\nwiki wiki wiki -\nwiki wiki pages -\nblog blog blog -\n",
  "/vault/secrets/root-password": "r00t\n",
  "/vault/secrets/for-wiki-password": "w\n",
  "/vault/secrets/for-blog-password": "b\n",
};

/** What mongosh throws when the server refuses a command: it never returns a reply whose `ok` is 0. */
class MongoServerError extends Error {
  constructor(readonly code: number) {
    super(`code ${code}`);
  }
}

/** A server whose replica set answers with a code (0: it is there). Users that it has already are given by name. */
function server({ code, users = [] }: { code: number; users?: readonly string[] }) {
  const done: string[] = [];
  let primary = code === 0;
  const admin = {
    auth: (user: string, password: string) => done.push(`auth ${user} ${password}`),
    adminCommand(command: Record<string, unknown>) {
      if ("replSetGetStatus" in command) {
        if (code !== 0) throw new MongoServerError(code);
        return { ok: 1 };
      }
      const { members } = command.replSetInitiate as { members: { host: string }[] };
      done.push(`initiate ${members.map(({ host }) => host).join()}`);
      primary = true;
      return { ok: 1 };
    },
    hello: () => ({ isWritablePrimary: primary }),
    getUser: (name: string) => users.includes(name) ? { user: name } : null,
    createUser: ({ user, roles }: { user: string; roles: { db: string }[] }) =>
      done.push(`create ${user} ${roles.map(({ db }) => db).join()}`),
    updateUser: (user: string) => done.push(`update ${user}`),
  };
  const globals = {
    require: () => ({ readFileSync: (path: string) => files[path] ?? assert.fail(`no ${path}`) }),
    connect: () => admin,
    print: () => {},
    sleep: () => assert.fail("it waits for a server that is there"),
  };
  // mongosh runs the text in the same way: with these names about it.
  const run = () => void new Function(...Object.keys(globals), script)(...Object.values(globals));
  return { run, done };
}

const host = "mongodb-0.mongodb-headless.db.svc.cluster.local:27017";

Deno.test("on a fresh volume the replica set is started, then each user is made with all its databases", () => {
  const { run, done } = server({ code: 94 });
  run();
  assert.deepEqual(done, ["auth root r00t", `initiate ${host}`, "create wiki wiki,pages", "create blog blog"]);
});

Deno.test("a replica set that is there is left alone, and users are brought up to date", () => {
  const { run, done } = server({ code: 0, users: ["wiki"] });
  run();
  assert.deepEqual(done, ["auth root r00t", "update wiki", "create blog blog"]);
});

Deno.test("any other refusal ends the Job with what the server said", () => {
  const { run, done } = server({ code: 13 });
  assert.throws(run, /code 13/);
  assert.deepEqual(done, ["auth root r00t"]);
});
