import assert from "node:assert/strict";
import { projectRoot } from "../project.ts";
import { readSiteFile } from "../site/load.ts";
import { apiPorts, describePlace, nodeRanges } from "./place.ts";

const { file } = await readSiteFile(`${projectRoot}/sites/example.yaml`);
const kubernetes = file.kubernetes!;

Deno.test("a place has the site's own networks and the port that its API server listens on", () => {
  const place = describePlace({ ...file, kubernetes: { ...kubernetes, api_port: 7443 } });
  assert.deepEqual(place, {
    domain: "home.example",
    storageClass: "openebs-hostpath",
    nodes: "192.0.2.0/24",
    pods: "10.233.64.0/18",
    apiPort: 7443,
  });
  assert.deepEqual(apiPorts(place), [443, 7443]);
  assert.deepEqual(nodeRanges(place), ["192.0.2.0/24", "10.233.64.0/18"]);
});

Deno.test("a port or a network that is the same twice is said once", () => {
  const place = describePlace({ ...file, kubernetes: { ...kubernetes, api_port: 443, pod_cidr: "192.0.2.0/24" } });
  assert.deepEqual([apiPorts(place), nodeRanges(place)], [[443], ["192.0.2.0/24"]]);
});
