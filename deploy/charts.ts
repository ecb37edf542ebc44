import { deploy } from "../harness/model/step.ts";
import charts from "../specs/charts.ts";

export default deploy(charts, {
  does: "Fetch or build Helm and kubeconform",
  makes: ["helm-installed", "kubeconform-installed"],
  run: ({ buildArtifacts }) => buildArtifacts("charts"),
});
