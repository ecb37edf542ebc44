/** The phase that Plumb looks at in the benchmark of the cluster. It is copied into the `specs/` of a project of its own. */

import { projectRoot } from "../harness/adapters/project.ts";
import { loadSite } from "../harness/adapters/site/load.ts";
import { factsPhase } from "../bench/kube_facts.ts";

export default factsPhase(await loadSite(`${projectRoot}/sites/lab.yaml`));
