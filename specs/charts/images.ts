import type { VariantRule } from "../../harness/model/rule.ts";
import { podSetting } from "./excuse.ts";
import { containers, nameOf, pods, say } from "./views.ts";

/** Tags that a registry moves from one image to the next. */
const moving =
  /^(latest|stable|main|master|edge|nightly|dev|develop|release|canary|beta|alpha|rc|lts|current|v?\d+|[a-z]+)$/i;

/** What is wrong with an image reference; null if nothing is. */
export function imageFault(image: string): string | null {
  const [, tag, digest] = /^[^:@\s]+(?::\d+\/[^:@\s]+)?(?::([^:@\s]+))?(?:@(\S+))?$/.exec(image) ?? [];
  if (tag === undefined) return "a tag of one version";
  if (digest !== undefined && !/^sha256:[0-9a-f]{64}$/.test(digest)) {
    return "a digest of 64 hexadecimal digits, or none";
  }
  return moving.test(tag) ? "a tag of one version, not one that moves" : null;
}

export const imagesPinned: VariantRule = {
  title: "Every image is pinned to one version",
  severity: "major",
  why: "A tag that moves makes two nodes run two versions, and a restart becomes an upgrade nobody asked for.",
  remedy: "Write the version's own tag, and its digest once it is known, into the component's image.",
  covers: ["HELM-003", "P10", "P25"],
  expects: "repository:tag or repository:tag@digest with the tag of one version",
  check: ({ objects }) =>
    pods(objects).flatMap((pod) =>
      containers(pod).flatMap(({ container, path }) => {
        const wanted = imageFault(container.image ?? "");
        if (wanted === null) return [];
        const found = say(container.image);
        return [{
          object: nameOf(pod.object),
          path: `${path}.image`,
          found,
          wanted,
          values: podSetting(pod, "image.tag"),
        }];
      })
    ),
};
