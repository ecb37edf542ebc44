import type { VariantRule } from "../../harness/model/rule.ts";
import { podSetting } from "./excuse.ts";
import { containers, nameOf, pods, say } from "./views.ts";

/** Parts of a tag that say that it moves from one image to the next, whatever stands beside them: `stable-alpine`. */
const moving =
  /^(latest|stable|main|master|trunk|head|edge|nightly|snapshot|daily|dev|develop|development|canary|current|next|unstable)$/;
/** Parts that say so unless a number tells one from the other: `1.0-beta.32`. */
const unfinished = /^(alpha|beta|rc|preview|pre)$/;
/** What tells one version from another: more than one number in a row, a day or a build, a commit. */
const version = /\d[._]\d|\d{4,}|(^|[-._])[0-9a-f]{7,40}([-._]|$)/;

/** True if the tag names no one version: by one of its words, or because it is a word or a major version alone. */
function moves(tag: string): boolean {
  const parts = tag.toLowerCase().split(/[-._]/);
  return !version.test(tag.toLowerCase()) ||
    parts.some((part, index) => moving.test(part) || (unfinished.test(part) && !/^\d/.test(parts[index + 1] ?? "")));
}

/** What is wrong with an image reference; null if nothing is. */
export function imageFault(image: string): string | null {
  const [, tag, digest] = /^[^:@\s]+(?::\d+\/[^:@\s]+)?(?::([^:@\s]+))?(?:@(\S+))?$/.exec(image) ?? [];
  if (tag === undefined) return "a tag of one version";
  if (digest !== undefined && !/^sha256:[0-9a-f]{64}$/.test(digest)) {
    return "a digest of 64 hexadecimal digits, or none";
  }
  return moves(tag) ? "a tag of one version, not one that moves" : null;
}

export const imagesPinned: VariantRule = {
  title: "Every image is pinned to one version",
  severity: "major",
  why: "A tag that moves makes two nodes run two versions, and a restart becomes an upgrade nobody asked for.",
  remedy: "Write the version's own tag, and its digest once it is known, into the component's image.",
  covers: ["HELM-003", "P10", "P25"],
  expects: "repository:tag or repository:tag@digest with the tag of one version",
  subjects: ({ objects }) => pods(objects),
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
