import { z } from "zod";

/**
 * The words from which the values of a chart are made. Whatever is described here reaches people in three places: Helm's
 * own messages, the READMEs and the editor. Patterns keep to RE2, which has no look-ahead: Helm compiles them with Go,
 * afresh for each render, and a counted repetition costs it as much as the text that it may match is long.
 */

/** Keys of maps whose key becomes part of an object's name. */
export const key = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/);

/** Name of a port: Kubernetes allows 15 characters. */
export const portName = z.string().regex(/^[a-z][a-z0-9-]{0,14}$/);

/** Name of an object that exists elsewhere. */
export const objectName = z.string().regex(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/).max(253);

/** Name of an environment variable. */
export const variable = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/);

/** Key of a label or an annotation. */
export const labelKey = z.string().regex(
  /^([a-z0-9]([a-z0-9.-]*[a-z0-9])?\/)?[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$/,
);

/** An absolute path. */
export const path = z.string().regex(/^\/[^\s:]*$/);

/** A whole absolute path of a file. */
export const filePath = z.string().regex(/^(\/[A-Za-z0-9._-]+)+$/);

/** A host name. */
export const hostName = z.string().regex(/^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]*[a-z0-9])?$/);

/** An IPv4 network. */
export const cidr = z.string().regex(/^\d{1,3}(\.\d{1,3}){3}\/\d{1,2}$/);

/** A TCP or UDP port. */
export const portNumber = z.int().min(1).max(65_535);

/** An amount of memory or disk, such as `64Mi` or `5Gi`. */
export const bytes = z.string().regex(/^[1-9][0-9]*(Ki|Mi|Gi|Ti)$/);

/** An amount of processor, such as `50m`, `1` or `0.5`. */
export const processor = z.union([z.string().regex(/^([1-9][0-9]*m|[0-9]+(\.[0-9]+)?)$/), z.number()]);

/** A length of time as Prometheus and the Gateway API write it, such as `30s`. */
export const interval = z.string().regex(/^[1-9][0-9]*(ms|s|m|h)$/);

/** A whole number of seconds. */
export const seconds = z.int().min(0);

/** The value of an environment variable before it becomes text. */
export const plain = z.union([z.string(), z.number(), z.boolean()]);

/** A component's name where another part of the values refers to it. */
export const component = key.describe("Name of a component of this chart.");

/** `secret/key`: one key of a secret that `secrets` declares. */
export const secretKey = z.string().regex(/^[a-z][a-z0-9-]{0,39}\/[A-Za-z0-9._-]+$/);
