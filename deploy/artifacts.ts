import { deploy } from "../harness/model/step.ts";
import artifacts from "../specs/artifacts.ts";

export default deploy(artifacts, {
  does: "Fetch or build what the lab's cluster is made of",
  makes: ["release-served", "images-served"],
  only: ({ lab }) => lab,
  run: ({ buildArtifacts }) => buildArtifacts(),
});
