/**
 * The programs that charts are looked at with, by name, and their versions: other versions may render, or complain, in
 * another way. Renovating one is a change here and in `fixtures/lab/artifacts/list.ts`.
 */
export const chartTools = { helm: "4.3.1", kubeconform: "0.8.0" } as const;
