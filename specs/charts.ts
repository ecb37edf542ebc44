import {
  type ChartRule,
  overAll,
  perChart,
  perRendering,
  type PlatformRule,
  type VariantRule,
} from "../harness/model/rule.ts";
import { chartTools } from "../harness/model/chart_tools.ts";
import { equal } from "../harness/model/matcher.ts";
import { type Assertion, phase } from "../harness/model/phase.ts";
import { sh } from "../harness/model/probe.ts";
import { hostsUnique, nodePortsUnique, noLoadBalancers, releasesOnce } from "./charts/claims.ts";
import {
  databasesDeclared,
  databasesMade,
  databasesUsable,
  databasesUsed,
  storageClass,
  upstreamDatabasesMade,
} from "./charts/data.ts";
import { disruptionBudgets, drainPossible, testApart, testKnown, testPresent } from "./charts/disruption.ts";
import { flowsAgree, peersExist, policyPorts } from "./charts/flows.ts";
import { allRendered, appVersion, chartMetadata, lintClean, renders, schemaValid, thinChart } from "./charts/folder.ts";
import { gatewayPresent, wildcardsByDns } from "./charts/gateways.ts";
import { labelsComplete, permissionsExplained, rolesNarrow, rolesPresent, serviceAccounts } from "./charts/identity.ts";
import { imagesPinned } from "./charts/images.ts";
import { monitored, monitorsLabelled, scrapeAllowed } from "./charts/monitoring.ts";
import { callsAllowed, hostsExist, hostsRouted, namesResolve, needsCover, portsResolve } from "./charts/names.ts";
import { namespacesGuarded, namespacesMade, ownNamespace } from "./charts/namespaces.ts";
import { dnsAllowed, internetApart, namespacesByName, noOpenPeers, policyPresent } from "./charts/network.ts";
import { apiReached, nodesLetIn, nodesLetInUpstream } from "./charts/nodes.ts";
import { kindsDefined, orderPossible, versionsAgree } from "./charts/order.ts";
import { noHostAccess, nonRoot, noPrivilege, rootReadOnly, seccomp } from "./charts/pod_security.ts";
import {
  injectorPresent,
  noLiteralSecrets,
  noSecretObjects,
  objectsExist,
  vaultPathsDeclared,
} from "./charts/secrets.ts";
import { routesAllowed, routesLead, selectorsMatch, servicePorts } from "./charts/selectors.ts";
import { upstreamCallsAllowed, upstreamHostsRouted } from "./charts/upstream.ts";
import { noUpstreamLoadBalancers, upstreamDatabasesNamed, upstreamValuesThere } from "./charts/upstream_values.ts";
import { healthAgrees, probePorts, probesPresent, resourcesSet } from "./charts/workload.ts";

/** What one chart renders can be judged alone; what others must agree with, only if all of them are there. */
const tools = ["helm-installed", "kubeconform-installed"] as const;
const alone = [...tools, "renders"] as const;
const together = [...alone, "all-rendered"] as const;
const eachRendering = (rule: VariantRule) => perRendering(rule, ...alone);
const eachChart = (rule: ChartRule) => perChart(rule, ...alone);
const amongOthers = (rule: ChartRule) => perChart(rule, ...together);
const altogether = (rule: PlatformRule) => overAll(rule, ...together);

/** The promise that a tool is there in the version that the rules were written for. */
function installed(title: string, name: keyof typeof chartTools, command: string, why: string): Assertion<never> {
  return {
    title,
    severity: "critical",
    why,
    verify: sh(command).should(equal(`v${chartTools[name]}`)),
    remedy: "Run `deno task up --phase charts`, which fetches or builds it into the cache.",
  };
}

const rules = {
  "lint-clean": eachChart(lintClean),
  "schema-valid": eachRendering(schemaValid),
  "thin-chart": eachChart(thinChart),
  "chart-metadata": eachChart(chartMetadata),
  "app-version": eachChart(appVersion),
  "images-pinned": eachRendering(imagesPinned),
  "labels-complete": eachRendering(labelsComplete),
  "service-account": eachRendering(serviceAccounts),
  "role-bound": eachRendering(rolesPresent),
  "role-narrow": eachRendering(rolesNarrow),
  "permissions-explained": eachRendering(permissionsExplained),
  "non-root": eachRendering(nonRoot),
  "no-privilege": eachRendering(noPrivilege),
  seccomp: eachRendering(seccomp),
  "root-read-only": eachRendering(rootReadOnly),
  "no-host-access": eachRendering(noHostAccess),
  probes: eachRendering(probesPresent),
  "probe-ports": eachRendering(probePorts),
  "health-agrees": eachChart(healthAgrees),
  resources: eachRendering(resourcesSet),
  "disruption-budget": eachRendering(disruptionBudgets),
  "drain-possible": eachRendering(drainPossible),
  "test-present": eachChart(testPresent),
  "test-apart": eachRendering(testApart),
  "test-ends": eachRendering(testKnown),
  monitored: eachRendering(monitored),
  "monitors-labelled": eachRendering(monitorsLabelled),
  "scrape-allowed": amongOthers(scrapeAllowed),
  "policy-present": eachRendering(policyPresent),
  "no-open-peers": eachRendering(noOpenPeers),
  "namespaces-by-name": eachRendering(namespacesByName),
  "dns-allowed": eachRendering(dnsAllowed),
  "internet-apart": eachRendering(internetApart),
  "peers-exist": amongOthers(peersExist),
  "policy-ports": amongOthers(policyPorts),
  "flows-agree": amongOthers(flowsAgree),
  "nodes-let-in": amongOthers(nodesLetIn),
  "api-reached": eachChart(apiReached),
  "upstream-calls-allowed": amongOthers(upstreamCallsAllowed),
  "selectors-match": eachRendering(selectorsMatch),
  "service-ports": eachRendering(servicePorts),
  "routes-lead": eachChart(routesLead),
  "routes-allowed": amongOthers(routesAllowed),
  "gateway-present": amongOthers(gatewayPresent),
  "hosts-routed": eachChart(hostsRouted),
  "hosts-exist": amongOthers(hostsExist),
  "names-resolve": amongOthers(namesResolve),
  "ports-resolve": amongOthers(portsResolve),
  "needs-cover": amongOthers(needsCover),
  "calls-allowed": amongOthers(callsAllowed),
  "no-secret-objects": eachRendering(noSecretObjects),
  "no-literal-secrets": eachChart(noLiteralSecrets),
  "vault-paths-declared": eachChart(vaultPathsDeclared),
  "objects-exist": eachChart(objectsExist),
  "databases-made": amongOthers(databasesMade),
  "upstream-databases-made": amongOthers(upstreamDatabasesMade),
  "databases-usable": eachChart(databasesUsable),
  "databases-declared": amongOthers(databasesDeclared),
  "databases-used": amongOthers(databasesUsed),
  "storage-class": eachRendering(storageClass),
  "kinds-defined": amongOthers(kindsDefined),
  "own-namespace": eachRendering(ownNamespace),
  "no-load-balancer": eachRendering(noLoadBalancers),
  "namespaces-made": altogether(namespacesMade),
  "namespaces-guarded": altogether(namespacesGuarded),
  "injector-present": altogether(injectorPresent),
  "nodes-let-in-upstream": altogether(nodesLetInUpstream),
  "upstream-hosts-routed": altogether(upstreamHostsRouted),
  "upstream-values": altogether(upstreamValuesThere),
  "upstream-databases-named": altogether(upstreamDatabasesNamed),
  "no-upstream-load-balancer": altogether(noUpstreamLoadBalancers),
  "hosts-unique": altogether(hostsUnique),
  "node-ports-unique": altogether(nodePortsUnique),
  "releases-once": altogether(releasesOnce),
  "order-possible": altogether(orderPossible),
  "wildcards-by-dns": altogether(wildcardsByDns),
  "versions-agree": altogether(versionsAgree),
};

export default phase({
  title: "Every chart renders objects that keep the rules, and the charts fit together",
  skippedOn: (site) => site.kubernetes ? null : "the site has no 'kubernetes' section",
  offline: true,
  headline: "all-rendered",
  asserts: {
    "helm-installed": installed(
      "Helm is the pinned version",
      "helm",
      "helm version --template '{{.Version}}'",
      "Without it no chart can be rendered, and another Helm may render it in another way.",
    ),
    "kubeconform-installed": installed(
      "kubeconform is the pinned version",
      "kubeconform",
      "kubeconform -v",
      "Without it nothing says whether the cluster would know what the charts render.",
    ),
    renders: perRendering(renders, ...tools),
    "all-rendered": overAll(allRendered(Object.keys(rules).length + 2), ...alone),
    ...rules,
  },
});
