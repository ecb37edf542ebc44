/**
 * Where Plumb keeps what is costly to make, shared by all checkouts: `$PLUMB_CACHE`, or a folder of the user's cache.
 * `env` reads an environment variable.
 */
export function cacheFolder(env: (name: string) => string | undefined): string {
  const named = env("PLUMB_CACHE");
  if (named) return named;
  return `${env("XDG_CACHE_HOME") || `${env("HOME") ?? "/root"}/.cache`}/plumb`;
}

/** Where what was fetched or built is kept. */
export function artifactsFolder(env: (name: string) => string | undefined): string {
  return `${cacheFolder(env)}/artifacts`;
}

/** Folder, below that of the artifacts, with a link to each program that Plumb itself runs. */
export const programsFolder = "bin";
