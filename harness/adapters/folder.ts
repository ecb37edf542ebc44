/** The texts of a folder's files, by path from `root`; those of which `wanted` is false are left out. */
export async function readFolder(
  root: string,
  folder: string,
  wanted: (path: string) => boolean = () => true,
): Promise<[path: string, text: string][]> {
  const entries = await Array.fromAsync(Deno.readDir(`${root}/${folder}`));
  const found = entries.map(async ({ name, isDirectory, isFile }): Promise<[string, string][]> => {
    const path = `${folder}/${name}`;
    if (isDirectory) return await readFolder(root, path, wanted);
    return isFile && wanted(path) ? [[path, await Deno.readTextFile(`${root}/${path}`)]] : [];
  });
  return (await Promise.all(found)).flat();
}
