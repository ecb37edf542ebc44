import { deploy } from "../harness/model/step.ts";
import storage from "../specs/storage.ts";

export default deploy(storage, {
  does: "Install the volume provisioner and the one default StorageClass",
  makes: ["provisioner-available", "class-default", "class-provisioner", "volumes-local", "volumes-placed"],
  run: ({ ansible }) => ansible({ tags: ["storage"] }),
});
