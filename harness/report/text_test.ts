import assert from "node:assert/strict";
import { fit, lastLine, listWithin, pad, plainText, plural, widthOf, wrap } from "./text.ts";

Deno.test("plainText takes away what could repaint a terminal and keeps the words", () => {
  assert.equal(plainText("\x1b[2J\x1b[1;31mred\x1b[0m\x07 \x1b]0;title\x07x\x1b(By"), "red xy");
  assert.equal(plainText("a\r\nb\rc\td\x00\x9b\u202e"), "a\nb\nc  d");
});

Deno.test("lastLine reads a progress bar's last state", () => {
  assert.equal(lastLine("10 %\r50 %\r90 %\r"), "90 %");
  assert.equal(lastLine("\n \n"), "");
});

Deno.test("widthOf counts columns, not characters", () => {
  assert.equal(widthOf("vpn"), 3);
  assert.equal(widthOf("\x1b[31mvpn\x1b[39m"), 3);
  assert.equal(widthOf("家🙂e\u0301✔"), 6);
});

Deno.test("fit never gives more columns than asked for and ends colours", () => {
  assert.equal(fit("WireGuard", 9), "WireGuard");
  assert.equal(fit("WireGuard", 5), "Wire…");
  assert.equal(fit("家家家", 4), "家…");
  assert.equal(fit("\x1b[31mWireGuard\x1b[39m", 5), "\x1b[31mWire…\x1b[0m");
  assert.equal(fit("x", 0), "");
});

Deno.test("pad fills up by columns", () => {
  assert.equal(pad("家", 4), "家  ");
  assert.equal(pad("longer", 4), "longer");
});

Deno.test("wrap breaks at spaces and keeps long words whole", () => {
  assert.deepEqual(wrap("chmod 600 the key", 9), ["chmod 600", "the key"]);
  assert.deepEqual(wrap("a\n\n/etc/wireguard/wg0.key b", 6), ["a", "", "/etc/wireguard/wg0.key", "b"]);
});

Deno.test("listWithin says how many it leaves out", () => {
  assert.equal(listWithin(["a", "b"], 10), "a, b");
  assert.equal(listWithin(["first", "second", "third"], 18), "first and 2 more");
});

Deno.test("plural", () => {
  assert.deepEqual([plural(0, "step"), plural(1, "step"), plural(2, "step")], ["0 steps", "1 step", "2 steps"]);
});
