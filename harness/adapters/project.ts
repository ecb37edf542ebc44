import { fileURLToPath } from "node:url";

/** The path that a file URL stands for. */
export function fromFileUrl(url: URL): string {
  return fileURLToPath(url);
}

/** The project's folder, without a slash at its end. */
export const projectRoot: string = fromFileUrl(new URL("../../", import.meta.url)).replace(/\/$/, "");
