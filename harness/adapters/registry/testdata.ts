import { parse } from "yaml";
import { registrySchema } from "../../../kubernetes/services_schema.ts";
import type { Place } from "./place.ts";
import { describeRegistry, type Registry } from "./registry.ts";

/** A small valid registry; the files of `fixtures/invalid/registry` are this one with a fault each. */
export const validRegistry = `namespaces:
  apps: { pod_security: restricted }
  db: { pod_security: restricted }
  disks:
    pod_security: privileged
    why: It mounts folders of the nodes.

services:
  crds:
    does: Definitions
    namespace: kube-system
    tier: base
    lab: true
    pods: false
  namespaces:
    does: Namespaces
    namespace: kube-system
    tier: base
    lab: true
    pods: false
  vault:
    does: Secrets
    namespace: apps
    tier: base
    lab: true
    hosts: [vault]
    health: { component: server, port: http, path: /v1/sys/health }
  postgres:
    does: Relational database
    namespace: db
    tier: base
    lab: true
    health: { component: server, port: postgres }
  valkey:
    does: Cache
    namespace: db
    tier: base
    lab: true
    health: { component: server, port: valkey }
  gate:
    does: Gateway
    namespace: apps
    tier: base
    lab: false
    upstream: { repository: https://charts.home.example, name: gate, version: 1.2.3, entrance: [8000] }
    node_ports: { web: 30080 }
  wiki:
    does: Pages
    namespace: apps
    tier: apps
    lab: true
    hosts: [wiki]
    health: { component: server, port: http, path: / }
    databases:
      - { engine: postgres, name: wiki }
      - { engine: valkey, name: "1", user: wiki }
    secrets:
      - { path: wiki/app, keys: [token] }
  blog:
    does: Articles
    namespace: apps
    tier: apps
    lab: false
    needs: [gate]
    hosts: [blog, news]
    health: { component: server, port: http, path: / }
    databases:
      - { engine: postgres, name: blog, extensions: [vector] }
    calls:
      - { service: wiki, component: server, port: http }
      - { service: gate, component: gate, port: 8443, needed: false }
`;

/** {@linkcode validRegistry}, loaded; `change` may rewrite its text. */
export function loadedRegistry(change: (text: string) => string = (text) => text): Registry {
  return describeRegistry("services.yaml", registrySchema.parse(parse(change(validRegistry))));
}

/** A place that the registry's services are in. */
export const place: Place = {
  domain: "lab.example",
  storageClass: "local-path",
  nodes: "198.18.0.0/24",
  pods: "198.19.0.0/17",
  apiPort: 7443,
};
