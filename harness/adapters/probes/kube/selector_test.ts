import assert from "node:assert/strict";
import type { KubeObject } from "../../../model/kube.ts";
import { fieldFilter, type Filter, labelFilter } from "./selector.ts";

const object = (name: string, labels?: Record<string, string>, rest: object = {}): KubeObject =>
  ({ metadata: { name, labels }, ...rest }) as KubeObject;
const named = (filter: Filter, objects: KubeObject[]) => objects.filter(filter).map((o) => o.metadata.name).join("");

Deno.test("labels are selected as kubectl does it", () => {
  const all = [object("x", { app: "x", tier: "web" }), object("y", { app: "y" }), object("z")];
  const by = (selector: string) => named(labelFilter(selector), all);
  assert.equal(by("app=x"), "x");
  assert.equal(by("app == x"), "x");
  assert.equal(by("app!=x"), "yz");
  assert.equal(by("app in (x, y)"), "xy");
  assert.equal(by("app notin (x,y),!tier"), "z");
  assert.equal(by("app,app!=x"), "y");
  assert.equal(by("!app"), "z");
  assert.equal(by("app in (x,y),tier=web"), "x");
  assert.equal(by("node-role.kubernetes.io/control-plane"), "");
  assert.throws(() => labelFilter("app in x"), /Cannot select by 'app in x': it is no label selector/);
});

Deno.test("fields are selected by their path; what the API leaves out is empty or false", () => {
  const all = [
    object("x", {}, { spec: { nodeName: "one", hostNetwork: true }, status: { phase: "Running" } }),
    object("y", {}, { status: { phase: "Pending" } }),
  ];
  const by = (selector: string) => named(fieldFilter("v1/pods", selector), all);
  assert.equal(by("status.phase=Running"), "x");
  assert.equal(by("status.phase!=Running,metadata.name=y"), "y");
  assert.equal(by("spec.nodeName="), "y");
  assert.equal(by("spec.hostNetwork=false"), "y");
  assert.equal(by("spec.hostNetwork=true"), "x");
  for (const wrong of ["status.phase", "status.phse=Failed", "spec.unschedulable=true"]) {
    assert.throws(() => by(wrong), /it is no field selector that kubectl knows/);
  }
});
