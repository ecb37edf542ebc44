import assert from "node:assert/strict";
import { holds } from "./addresses.ts";

Deno.test("a block holds a network that lies within it, and no part of which it excepts", () => {
  assert.ok(holds({ cidr: "0.0.0.0/0" }, "10.233.64.0/18"));
  assert.ok(holds({ cidr: "192.0.2.0/24" }, "192.0.2.0/24"));
  assert.ok(holds({ cidr: "192.0.2.17/24" }, "192.0.2.128/25"));
  assert.ok(!holds({ cidr: "192.0.2.0/25" }, "192.0.2.0/24"));
  assert.ok(!holds({ cidr: "192.0.3.0/24" }, "192.0.2.0/24"));
  assert.ok(!holds({ cidr: "0.0.0.0/0", except: ["10.0.0.0/8"] }, "10.233.64.0/18"));
  assert.ok(!holds({ cidr: "0.0.0.0/0", except: ["10.233.64.0/24"] }, "10.233.64.0/18"));
  assert.ok(holds({ cidr: "0.0.0.0/0", except: ["10.0.0.0/8", "224.0.0.0/4"] }, "203.0.113.0/24"));
});
