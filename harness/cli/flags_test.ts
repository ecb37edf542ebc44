import assert from "node:assert/strict";
import { escapeRemoteCommand, spreadReports } from "./flags.ts";

Deno.test("one --report takes several values", () => {
  const spread = (line: string) => spreadReports(line.split(" ")).join(" ");
  assert.equal(
    spread("check --report junit:a.xml md:b.md --phase vpn"),
    "check --report junit:a.xml --report md:b.md --phase vpn",
  );
  assert.equal(spread("check --report junit:a.xml"), "check --report junit:a.xml");
  assert.equal(spread("explain vpn/peers"), "explain vpn/peers");
  assert.equal(spread("check --phase vpn junit:a"), "check --phase vpn junit:a");
});

Deno.test("a remote command keeps its options", () => {
  const escape = (line: string) => escapeRemoteCommand(line.split(" ")).join(" ");
  assert.equal(escape("lab ssh vps ls --all"), "lab ssh vps -- ls --all");
  assert.equal(escape("lab ssh vps -- ls --all"), "lab ssh vps -- ls --all");
  assert.equal(escape("lab ssh vps"), "lab ssh vps");
  assert.equal(escape("check --phase vpn"), "check --phase vpn");
});
